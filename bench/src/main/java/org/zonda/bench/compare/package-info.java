/** The same model in several ways side by side: CPU, GPU, and the layers split between them. */
package org.zonda.bench.compare;
