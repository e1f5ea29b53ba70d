/** Models in smaller formats: which tensor gets which, the conversion, and what it costs. */
package org.zonda.model.quantize;
