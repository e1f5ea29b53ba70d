/**
 * What a model is. This room executes nothing and knows no other room: GGUF files, tensors and
 * their codecs, tokenizers, chat formats, and architectures as descriptions of a forward pass.
 */
package org.zonda.model;
