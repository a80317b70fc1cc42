// A program without a test: the owner of the precompiled head that all programs of plugins' tests begin with.
#include <gtest/gtest.h>
