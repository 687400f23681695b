// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/integer_instruction_set.h"

#include "engine/integer_kernels.h"

#include <algorithm>
#include <array>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace hefstudio {

namespace {

constexpr std::array<std::string_view, 5> names{"base", "avx2", "avx512", "vnni", "amx"};

} // namespace

std::string_view integerInstructionSetName(IntegerInstructionSet level)
{
    return names[static_cast<std::size_t>(level)];
}

std::optional<IntegerInstructionSet> integerInstructionSetFromName(std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<IntegerInstructionSet>(found - names.begin());
}

IntegerInstructionSet widestIntegerInstructionSet()
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2"))
        return IntegerInstructionSet::base;
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512dq") ||
        !__builtin_cpu_supports("avx512vl"))
        return IntegerInstructionSet::avx2;
    if (!__builtin_cpu_supports("avx512vnni"))
        return IntegerInstructionSet::avx512;
    unsigned a = 0, b = 0, c = 0, d = 0;
    constexpr unsigned amxTile = 1U << 24, amxInt8 = 1U << 25;
    const bool hasAmx = __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
                        (d & (amxTile | amxInt8)) == (amxTile | amxInt8);
    return hasAmx ? IntegerInstructionSet::amx : IntegerInstructionSet::vnni;
#else
    return IntegerInstructionSet::base;
#endif
}

std::vector<IntegerInstructionSet> integerInstructionSets()
{
    std::vector<IntegerInstructionSet> levels;
    for (int level = 0; level <= static_cast<int>(widestIntegerInstructionSet()); ++level)
        levels.push_back(static_cast<IntegerInstructionSet>(level));
    return levels;
}

namespace integer_kernels {

const Kernels &integerKernels(IntegerInstructionSet limit)
{
#if defined(__x86_64__)
    const IntegerInstructionSet level = std::min(limit, widestIntegerInstructionSet());
    if (level >= IntegerInstructionSet::vnni && __builtin_cpu_supports("avx512vbmi"))
        return vnniKernels;
    if (level >= IntegerInstructionSet::avx512)
        return avx512Kernels;
    if (level >= IntegerInstructionSet::avx2)
        return avx2Kernels;
#else
    (void)limit;
#endif
    return baseKernels;
}

} // namespace integer_kernels

} // namespace hefstudio
