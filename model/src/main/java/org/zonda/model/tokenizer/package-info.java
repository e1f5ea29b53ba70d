/** Text to token ids and back, without ever emitting half a character. */
package org.zonda.model.tokenizer;
