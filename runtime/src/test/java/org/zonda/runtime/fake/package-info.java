/** Small deterministic stand-ins, so that generation is tested without a model. */
package org.zonda.runtime.fake;
