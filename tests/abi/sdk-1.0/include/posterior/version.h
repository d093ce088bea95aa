/* SPDX-License-Identifier: Apache-2.0
 *
 * Version of the SDK (headers, wrapper and CMake functions), a semantic version.
 * The binary contract has its own number, in abi.h. The build reads this file. */
#ifndef POSTERIOR_VERSION_H
#define POSTERIOR_VERSION_H

#define POSTERIOR_SDK_VERSION_MAJOR 1
#define POSTERIOR_SDK_VERSION_MINOR 0
#define POSTERIOR_SDK_VERSION_PATCH 0
#define POSTERIOR_SDK_VERSION "1.0.0"

#endif /* POSTERIOR_VERSION_H */
