// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/alls_commands.h"

#include <algorithm>
#include <array>

namespace hefstudio {
namespace {

using enum AllsStage;

constexpr auto commands = std::to_array<AllsCommand>({
    {"allocator_param", compiler, "Sets how the compiler searches: time limits, splits, buffers.",
     "timeout cluster_timeout splitter_timeout seed automatic_ddr automatic_ddr_l3_cuts_threshold "
     "automatic_l4_portals automatic_l4_portals_l3_cuts_threshold automatic_reshapes "
     "automatic_resize_reshapes enable_auto_spatial_reshapes enable_auto_spatial_collapse "
     "max_auto_defuse max_auto_merge_depth merge_min_layer_utilization merge_max_layer_utilization "
     "merge_max_memory_utilization width_splitter_defuse spatial_defuse_legacy "
     "enable_partial_row_buffers disable_row_per_cut enable_post_split_average_buffers "
     "optimize_pipeline_stoppage optimize_buffers enable_fixer enable_muxer muxer_slack "
     "enable_lanes enable_lcu_ecc enable_axis_upsize enable_collapser enable_swapper "
     "enable_defuse_with_slack enable_automatic_offdevice_outputs defuse_by_validator validate "
     "calculate_power auto_split_const_inputs ppu_reshape_slack input_layer_max_successors "
     "force_map_on_mirror enable_single_buffer_for_feasibility enable_hw_padding strategy agent "
     "network_fps clk_freq enable_loose_mode"},
    {"bucket", frozenResult, "Groups layers for the partition search.", ""},
    {"buffers", frozenResult, "Rows kept on the edge between two layers.", ""},
    {"change_output_activation", modelChange,
     "Puts an activation behind an output layer, or behind all where none is named.", ""},
    {"compilation_param", frozenResult, "Fixes how one layer is built.", ""},
    {"concat", frozenResult, "Inserts a concatenation.", ""},
    {"context", frozenResult, "Names the layers of one context.", ""},
    {"context_switch_param", compiler, "Allows, forbids or shapes the split into contexts.",
     "mode max_utilization max_control_utilization max_compute_utilization max_memory_utilization "
     "goal_network_control_utilization goal_network_compute_utilization "
     "goal_network_memory_utilization goal_network_weights_utilization slotter_chances "
     "toposort_mode auto_partition_to_buckets share_buckets_partition berkitizer_min_size "
     "berkitizer_bucket_size allow_auto_merge_in_multicontext"},
    {"ddr", frozenResult, "Sends a tensor through the host's memory.", ""},
    {"defuse", frozenResult, "Splits a layer into pieces.", ""},
    {"defuse_block", frozenResult, "Splits a layer and its neighbours into pieces.", ""},
    {"format_conversion", frozenResult, "Inserts a change of memory order.", ""},
    {"hef_param", compiler, "Sets how the HEF is laid out.",
     "params_compression params_load_time_compression should_use_sequencer_interleave "
     "should_use_sequencer_l2_interleave should_prioritize_sequencer_over_l3 "
     "should_run_full_validation enable_ko enable_lcu_from_sequencer share_config "
     "cfg_channel_count dma_engine_count enable_csm_crc enable_self_reset_optimization "
     "strict_runtime_versioning should_use_sequencer"},
    {"input_conversion", modelChange, "Converts the colour format on the chip.",
     "emulator_support"},
    {"join", frozenResult, "Joins tensors.", ""},
    {"l4_portal", frozenResult, "Sends a tensor through the chip's large memory.", ""},
    {"logits_layer", modelChange, "Adds a softmax or argmax behind an output.", "engine axis"},
    {"merge", frozenResult, "Builds two layers as one.", ""},
    {"mirror", frozenResult, "Doubles a placement.", ""},
    {"model_optimization_config", quantisation, "Sets one part of the quantiser.",
     "batch_size calibset_size use_acceleras multiproc_policy output_encoding_vector output_16bit "
     "gpu_policy layers rank split_threshold auto_clip auto_remove_offset policy dataset_size "
     "analyze_mode batch_norm_checker auto_4bit_weights_ratio auto_16bit_weights_ratio",
     "calibration globals negative_exponent checker_cfg compression_params"},
    {"model_optimization_flavor", quantisation,
     "Sets the effort of quantisation and the share of 4-bit weights.",
     "optimization_level compression_level batch_size"},
    {"mux_demux", frozenResult, "Shares one path between tensors.", ""},
    {"network_group", compiler, "Groups networks that are loaded together.", ""},
    {"nms_postprocess", modelChange, "Adds box decoding and suppression behind the network.",
     "meta_arch engine bbox_decoding_only classes nms_scores_th nms_iou_th max_proposals_per_class "
     "image_dims"},
    {"normalization", modelChange, "Subtracts a mean and divides by a deviation on the chip.", ""},
    {"output_layer", frozenResult, "Names an output.", ""},
    {"output_mux", frozenResult, "Joins outputs into one stream.", ""},
    {"performance_param", compiler, "Sets the compiler's effort and the wanted speed.",
     "compiler_optimization_level optimization_level fps optimize_for_batch optimize_for_power"},
    {"place", frozenResult, "Puts layers into a cluster.", ""},
    {"platform_param", compiler, "Says where the HEF will run.", "hef_version targets hints"},
    {"portal", frozenResult, "Sends a tensor between clusters.", ""},
    {"post_quantization_optimization", quantisation, "Improves the quantised weights.",
     "policy layers cache_compression batch_size dataset_size epochs learning_rate "
     "loss_layer_names loss_types loss_factors def_loss_type native_layers layers_to_freeze "
     "val_images val_batch_size warmup_epochs train_scales meta_arch stop_gradient_at_loss "
     "force_pruning warmup weight train_bias bias_correction_count mode shuffle b_range "
     "decay_start snr_cap comprecision_metric optimizer",
     "bias_correction finetune adaround train_encoding mix_precision_search"},
    {"pre_quantization_optimization", quantisation, "Prepares the network for quantisation.",
     "policy layers equalization_target mode clipping_values recollect_stats "
     "infusible_ew_add_type correction_type matmul_bias equalization eq_consumer "
     "bit_decomposition_mode division_factors method count tile_height shape interpolation",
     "equalization weights_clipping activation_clipping ew_add_fusing matmul_correction "
     "matmul_equalization layer_norm_decomposition global_avgpool_reduction se_optimization "
     "zero_static_channels dead_channels_removal dead_layers_removal resolution_reduction "
     "layer_decomposition decompose_conv_factor defuse activation_fit"},
    {"quantization_param", quantisation, "Sets precision and ranges of layers.",
     "precision_mode bias_mode use_16bit_bias force_range_in force_range_out force_range_index "
     "activation_fit max_elementwise_feed_repeat null_channels_cutoff_factor weight_group_size "
     "quantization_groups"},
    {"remove_node", modelChange, "Takes a layer out.", ""},
    {"resize", modelChange, "Resizes the input on the chip.",
     "resize_shapes resize_method engine"},
    {"resources_param", compiler, "Caps how full a context may get.",
     "max_control_utilization max_compute_utilization max_compute_16bit_utilization "
     "max_memory_utilization max_input_aligner_utilization max_apu_utilization max_utilization "
     "strategy"},
    {"set_seed", modelChange, "Fixes the quantiser's random numbers.", "seed"},
    {"shape_splitter", frozenResult, "Splits a tensor.", ""},
    {"shortcut", frozenResult, "Copies a tensor to several layers.", ""},
    {"spatial_reshape_flow_params", compiler, "Sets the search for reshapes.", ""},
    {"transpose", modelChange, "Swaps height and width of the input.", ""},
    {"transpose_concat", frozenResult, "Transposes around a concatenation.", ""},
});
static_assert(std::ranges::is_sorted(commands, {}, &AllsCommand::name));

// Command names that guides pass on and that no compiler version takes, with what to write.
struct Mistake {
    std::string_view name;
    std::string_view instead;
};
constexpr auto mistakes = std::to_array<Mistake>({
    {"allocate_clusters", "nothing: the compiler places the layers"},
    {"compression_level", "model_optimization_flavor(compression_level=0)"},
    {"enable_loose_mode", "allocator_param(enable_loose_mode=True)"},
    {"mixed_precision", "quantization_param(layer, precision_mode=a16_w16)"},
    {"optimization_level", "model_optimization_flavor(optimization_level=1)"},
});

bool holdsWord(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const auto end = list.find(' ');
        if (list.substr(0, end) == word)
            return true;
        list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
    }
    return false;
}

class Lint {
public:
    Lint(const AllsScript &script, const std::filesystem::path &file)
        : m_script(script), m_file(file.string())
    {
    }

    Diagnostics run()
    {
        for (const AllsPiece *piece : m_script.statements()) {
            m_line = piece->line;
            checkCommand(*piece->statement);
            checkNormalization(*piece->statement);
            checkOutputActivation(*piece->statement);
        }
        checkCaps();
        return std::move(m_found);
    }

private:
    Diagnostic at(std::string_view id, int line) const
    {
        return Diagnostic(id, Place{.file = m_file, .keyPath = "line " + std::to_string(line)})
            .as(Severity::warning);
    }

    void checkCommand(const AllsStatement &statement)
    {
        const AllsCommand *known = findAllsCommand(statement.command);
        if (!known) {
            const auto mistake = std::ranges::find(mistakes, statement.command, &Mistake::name);
            if (mistake != mistakes.end())
                m_found.push_back(at("vendor.script-no-such-command", m_line)
                                      .with("command", statement.command)
                                      .with("instead", std::string(mistake->instead)));
            else
                m_found.push_back(at("vendor.script-unknown-command", m_line)
                                      .as(Severity::note)
                                      .with("command", statement.command));
            return;
        }
        if (!known->subcommands.empty()) {
            const AllsValue *first = statement.positional(0);
            if (!first || !holdsWord(known->subcommands, first->text)) {
                m_found.push_back(at("vendor.script-unknown-algorithm", m_line)
                                      .with("command", statement.command)
                                      .with("name", first ? first->text : std::string())
                                      .with("known", std::string(known->subcommands)));
                return;
            }
        }
        if (known->keys.empty())
            return;
        for (const auto &argument : statement.arguments) {
            if (!argument.key.empty() && !holdsWord(known->keys, argument.key))
                m_found.push_back(at("vendor.script-unknown-key", m_line)
                                      .with("command", statement.command)
                                      .with("key", argument.key));
        }
    }

    void checkNormalization(const AllsStatement &statement)
    {
        if (statement.command != "normalization")
            return;
        const AllsValue *mean = statement.positional(0);
        const AllsValue *deviation = statement.positional(1);
        const bool areLists = mean && deviation && mean->kind == AllsValue::Kind::list &&
                              deviation->kind == AllsValue::Kind::list;
        const bool isZero = areLists && std::ranges::any_of(deviation->items, [](const auto &v) {
                                return v.asNumber().value_or(0) == 0;
                            });
        if (!areLists || mean->items.size() != deviation->items.size() || isZero)
            m_found.push_back(at("vendor.script-normalization", m_line));
    }

    // Without a layer every output gets the activation, the boxes too.
    void checkOutputActivation(const AllsStatement &statement)
    {
        if (statement.command == "change_output_activation" && statement.arguments.size() == 1)
            m_found.push_back(at("vendor.script-every-output", m_line)
                                  .with("activation", statement.arguments.front().value.text));
    }

    // Seen in a public log: "Performance Flow requires automatic resource utilization".
    void checkCaps()
    {
        bool isMax = false;
        for (const AllsPiece *piece : m_script.statements()) {
            const auto &statement = *piece->statement;
            if (statement.command != "performance_param")
                continue;
            for (const auto key : {"compiler_optimization_level", "optimization_level"}) {
                const AllsValue *level = statement.argument(key);
                isMax = isMax || (level && (level->text == "max" || level->text == "2"));
            }
        }
        for (const AllsPiece *piece : m_script.statements()) {
            if (isMax && piece->statement->command == "resources_param" &&
                piece->statement->scope.empty())
                m_found.push_back(at("vendor.script-caps-with-max", piece->line));
        }
    }

    const AllsScript &m_script;
    std::string m_file;
    int m_line = 0;
    Diagnostics m_found;
};

} // namespace

std::string_view allsStageName(AllsStage stage)
{
    switch (stage) {
    case modelChange: return "model change";
    case quantisation: return "quantisation";
    case compiler: return "compiler";
    case frozenResult: return "frozen result";
    }
    return {};
}

std::span<const AllsCommand> allsCommands()
{
    return commands;
}

const AllsCommand *findAllsCommand(std::string_view name)
{
    const auto found = std::ranges::lower_bound(commands, name, {}, &AllsCommand::name);
    return found != commands.end() && found->name == name ? &*found : nullptr;
}

Diagnostics lintAlls(const AllsScript &script, const std::filesystem::path &file)
{
    return Lint(script, file).run();
}

} // namespace hefstudio
