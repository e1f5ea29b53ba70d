/** Tensors where they lie, and one codec per storage format. */
package org.zonda.model.tensor;
