/** GGUF files: a mapped, fully checked reader, typed metadata, and a writer. */
package org.zonda.model.gguf;
