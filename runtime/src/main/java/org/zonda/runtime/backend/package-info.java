/** What a backend is: batches in, logits out, and a KV cache that the executor owns. */
package org.zonda.runtime.backend;
