/** From logits to a token: penalties, bias, temperature, top-k, top-p, min-p, seeds. */
package org.zonda.runtime.sampling;
