/**
 * The CPU backend: worker pool, paged KV cache, and kernels over the mapped weights, written with
 * the Vector API and, as their definition and fallback, in scalar Java.
 */
package org.zonda.runtime.cpu;
