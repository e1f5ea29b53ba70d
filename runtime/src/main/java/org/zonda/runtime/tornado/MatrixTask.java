package org.zonda.runtime.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Where a matrix kernel is found, and its arguments other than the planes of the weights; their
 * meaning: {@link org.zonda.kernels.MatrixFlags}.
 */
record MatrixTask(
    DeviceKernels kernels,
    KernelContext context,
    IntArray pass,
    IntArray cursor,
    IntArray route,
    FloatArray x,
    FloatArray bias,
    FloatArray y,
    int slot,
    int perLayer,
    int rows,
    int columns,
    int inStride,
    int outStride,
    int flags,
    int lanes) {}
