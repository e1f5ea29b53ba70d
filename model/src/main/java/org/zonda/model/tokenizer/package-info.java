/**
 * Text to token ids and back, without ever emitting half a character. {@code Tokenizers} makes the
 * tokenizer that a model's metadata describes; {@code Segment} keeps trusted and untrusted text
 * apart.
 */
package org.zonda.model.tokenizer;
