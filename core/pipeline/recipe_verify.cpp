// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/recipe_verify.h"

#include "base/file.h"
#include "base/hash.h"
#include "engine/float_engine.h"
#include "pipeline/stage_digest.h"
#include "pipeline/stage_store.h"

#include <algorithm>
#include <map>
#include <set>

namespace hefstudio {
namespace {

// Of a set that is a list: where the pictures of its names are.
std::map<std::string, std::filesystem::path> listedPictures(const std::filesystem::path &source)
{
    std::map<std::string, std::filesystem::path> pictures;
    const auto ending = source.extension();
    if (ending != ".json" && ending != ".yaml" && ending != ".yml")
        return pictures;
    const auto set = CalibrationSet::open(source);
    for (std::size_t i = 0; set && !set->isArray() && i < set->size(); ++i)
        pictures[set->relativeNameOf(i)] = set->pictures()[i];
    return pictures;
}

std::filesystem::path besideRecipe(const std::filesystem::path &file, const std::string &name)
{
    return file.parent_path() / name;
}

// Events of a rebuilding are progress only: ledger and contexts are those of the conversion.
EventSink progressOnly(const EventSink &sink)
{
    return [&sink](const Event &event) {
        if (std::holds_alternative<StageStarted>(event) ||
            std::holds_alternative<StageProgress>(event) ||
            std::holds_alternative<StageFinished>(event))
            send(sink, event);
    };
}

class RecipeVerifier {
public:
    RecipeVerifier(const std::filesystem::path &file, const Recipe &recipe,
                   const RecipeVerifyOptions &options, std::stop_token stop, const EventSink &sink)
        : m_file(file), m_lock(*recipe.lock), m_settings(recipe.settings), m_options(options),
          m_stop(std::move(stop)), m_sink(progressOnly(sink))
    {
        m_settings.threads = options.threads;
        m_settings.isa = m_lock.isa == "avx2" || m_lock.isa == "avx512" ? m_lock.isa : "auto";
    }

    Result<RecipeCheck> run(const Recipe &recipe)
    {
        if (auto compared = compareInputs(); !compared)
            return passOn(std::move(compared));
        if (!m_check.differingInput.empty())
            return m_check;
        if (m_lock.frozenFile.empty()) {
            m_check.fromLock.whyNot = "the lock has no side file";
        } else {
            const auto frozen = readFrozenOf(m_file, recipe);
            if (!frozen)
                return std::unexpected(frozen.error());
            if (auto done = rebuild(m_check.fromLock, &*frozen); !done)
                return passOn(std::move(done));
        }
        m_check.fromPictures.whyNot = whyNotFromPictures();
        if (m_check.fromPictures.whyNot.empty())
            if (auto done = rebuild(m_check.fromPictures, nullptr); !done)
                return passOn(std::move(done));
        return m_check;
    }

private:
    // Whether the input is the locked one; the first that is not is kept.
    bool isSame(const std::string &name, const std::string &locked, const std::string &found)
    {
        if (locked == found)
            return true;
        m_check.differingInput = name;
        m_check.isInputMissing = found.empty();
        return false;
    }
    static std::string digestOf(const std::filesystem::path &file)
    {
        return sha256HexOfFile(file).value_or(std::string());
    }

    Result<void> compareInputs()
    {
        if (!isSame(m_settings.model.filename().string(), m_lock.modelSha256,
                    digestOf(m_settings.model)))
            return {};
        if (!m_lock.labelsSha256.empty() &&
            !isSame(m_settings.labels.filename().string(), m_lock.labelsSha256,
                    digestOf(m_settings.labels)))
            return {};
        if (!m_lock.frozenFile.empty() &&
            !isSame(m_lock.frozenFile, m_lock.frozenSha256,
                    digestOf(besideRecipe(m_file, m_lock.frozenFile))))
            return {};
        // A set is a folder with the names below it, a list that says where its pictures are, or
        // one file with its own name.
        std::error_code ignored;
        const bool isFolder = std::filesystem::is_directory(m_settings.calibration, ignored);
        const auto listed = listedPictures(m_settings.calibration);
        for (const auto &[name, digest] : m_lock.calibration) {
            if (m_stop.stop_requested())
                return fail(Diagnostic("cancelled"));
            const std::filesystem::path relative(name);
            const bool stays = !relative.is_absolute() &&
                               std::ranges::find(relative, "..") == relative.end();
            const auto entry = listed.find(name);
            const auto file = entry != listed.end() ? entry->second
                              : isFolder            ? m_settings.calibration / relative
                                                    : m_settings.calibration;
            if (!isSame(name, digest, stays ? digestOf(file) : std::string()))
                return {};
        }
        return compareNames(isFolder);
    }

    // A picture that was added is an input that was not locked.
    Result<void> compareNames(bool isFolder)
    {
        if (!isFolder || m_settings.onBadImage == BadImagePolicy::skip)
            return {};
        const auto set = CalibrationSet::open(m_settings.calibration);
        if (!set)
            return std::unexpected(set.error());
        std::set<std::string, std::less<>> locked;
        for (const auto &[name, digest] : m_lock.calibration)
            locked.insert(name);
        for (std::size_t i = 0; i < set->size() && m_check.differingInput.empty(); ++i)
            if (const auto name = set->relativeNameOf(i); !locked.contains(name))
                m_check.differingInput = name;
        return {};
    }

    std::string whyNotFromPictures() const
    {
        using Pictures = RecipeVerifyOptions::Pictures;
        if (m_options.pictures == Pictures::never)
            return "not asked for";
        if (m_options.pictures == Pictures::always)
            return {};
        if (m_lock.build != buildDigest())
            return "another build of the program or of its libraries made the lock";
        if (m_lock.isa != effectiveInstructionSet())
            return "the lock was made with " + m_lock.isa + ", this machine uses " +
                   effectiveInstructionSet();
        return {};
    }

    Result<void> rebuild(RebuildCheck &check, const FrozenNetwork *frozen)
    {
        const auto result = convert(m_settings, m_stop, m_sink,
                                    {.cache = nullptr,
                                     .fillsLock = true,
                                     .frozen = frozen,
                                     .writesFiles = false});
        if (!result)
            return std::unexpected(result.error());
        check.ran = true;
        check.isEqual = result->report.sha256 == m_lock.resultSha256;
        if (check.isEqual)
            return {};
        check.differingStage = "generate";
        for (const StageDigest &stage : result->report.lock.stages) {
            const auto locked = std::ranges::find(m_lock.stages, stage.stage, &StageDigest::stage);
            if (locked != m_lock.stages.end() && locked->sha256 != stage.sha256) {
                check.differingStage = stage.stage;
                break;
            }
        }
        return {};
    }

    const std::filesystem::path &m_file;
    const RecipeLock &m_lock;
    ConversionSettings m_settings;
    const RecipeVerifyOptions &m_options;
    std::stop_token m_stop;
    EventSink m_sink;
    RecipeCheck m_check;
};

} // namespace

Result<FrozenNetwork> readFrozenOf(const std::filesystem::path &file, const Recipe &recipe)
{
    if (!recipe.lock || recipe.lock->frozenFile.empty())
        return fail(Diagnostic("recipe.no-lock", Place{.file = file.string()}));
    const auto side = besideRecipe(file, recipe.lock->frozenFile);
    const auto bytes = readFile(side);
    if (!bytes)
        return std::unexpected(bytes.error());
    if (sha256Hex(*bytes) != recipe.lock->frozenSha256) {
        Diagnostic damaged("recipe.frozen-damaged", Place{.file = side.string()});
        damaged.arguments.emplace_back("what", std::string("its digest is another"));
        return fail(std::move(damaged));
    }
    return decodeFrozen(*bytes, side.string());
}

Result<RecipeCheck> verifyRecipe(const std::filesystem::path &file, const Recipe &recipe,
                                 const RecipeVerifyOptions &options, std::stop_token stop,
                                 const EventSink &sink)
{
    if (!recipe.lock || recipe.lock->resultSha256.empty())
        return fail(Diagnostic("recipe.no-lock", Place{.file = file.string()}));
    if (recipe.settings.backend == BackendKind::vendor) {
        Diagnostic refusal("vendor.recipe-not-rebuilt", Place{.file = file.string()});
        refusal.arguments.emplace_back("compiler", recipe.lock->compiler);
        return fail(std::move(refusal));
    }
    return RecipeVerifier(file, recipe, options, std::move(stop), sink).run(recipe);
}

Result<void> writeLockedRecipe(const std::filesystem::path &file, const ConversionSettings &settings,
                               const ConversionResult &result, const RecipeRoots &roots)
{
    Recipe recipe{.settings = settings, .lock = result.report.lock};
    if (result.frozen.empty()) // a chip HEF: its numbers are the vendor's compiler's
        return writeRecipe(file, recipe, roots);
    const auto side = frozenFileOf(file);
    recipe.lock->frozenFile = side.filename().string();
    recipe.lock->frozenSha256 = sha256Hex(result.frozen);
    const auto text = recipeText(file, recipe, roots);
    if (!text)
        return std::unexpected(text.error());
    // The side file first: a recipe never names one that is not there.
    auto sideFile = AtomicFile::create(side);
    if (!sideFile)
        return passOn(std::move(sideFile));
    if (auto written = sideFile->write(result.frozen); !written)
        return written;
    auto recipeFile = AtomicFile::create(file);
    if (!recipeFile)
        return passOn(std::move(recipeFile));
    if (auto written = recipeFile->write(asBytes(*text)); !written)
        return written;
    if (auto done = sideFile->commit(); !done)
        return done;
    return recipeFile->commit();
}

} // namespace hefstudio
