/**
 * The TornadoVM backend: a part of a model on one device. Weights are repacked into planes and
 * uploaded once; activations and the paged KV cache stay on the device; a pass sends down one small
 * array that says which rows it has, and brings back logits, or the ids of the best ones.
 */
package org.zonda.runtime.tornado;
