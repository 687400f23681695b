// Compiles a function several times and picks the widest one this machine has when the program is
// loaded. Sanitised builds keep one: their run-time library is not ready when the choice is made.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEFSTUDIO_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEFSTUDIO_SANITIZED 1
#endif
#endif

// By level, not by model: "arch=skylake-avx512" would be chosen on that very processor alone, and
// every later one would run the default.
#if defined(__x86_64__) && !defined(HEFSTUDIO_SANITIZED)
#if defined(__clang__)
#define HEFSTUDIO_VECTOR_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define HEFSTUDIO_VECTOR_CLONES                                                                    \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#endif
#else
#define HEFSTUDIO_VECTOR_CLONES
#endif

// Helpers of such functions must be inlined before the copies are made: the compiler refuses to
// inline a function of the base machine into one of a wider machine, and the loop stays scalar.
#define HEFSTUDIO_INLINE [[gnu::always_inline]] inline
#define HEFSTUDIO_INLINED __attribute__((always_inline)) // behind the parameters of a lambda

// Nothing a loop reads through one pointer is written through another at a different index; in
// place at the same index is fine.
#if defined(__clang__)
#define HEFSTUDIO_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HEFSTUDIO_INDEPENDENT _Pragma("GCC ivdep")
#endif
