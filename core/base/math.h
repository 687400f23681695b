// exp, tanh, erf and friends of our own: the same bits on every machine and library, because they
// fill tables that go into the HEF. Plain double arithmetic, relative error below 1e-12.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace hefstudio {

double exactExp(double x);
double exactLog(double x); // x > 0
double exactTanh(double x);
double exactErf(double x);
double exactSigmoid(double x);

} // namespace hefstudio
