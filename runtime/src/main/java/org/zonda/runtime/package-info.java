/**
 * The Java API: open a {@code LanguageModel}, generate, chat, count tokens, close; or an {@code
 * EmbeddingModel}, which turns texts into vectors. What else a program needs is in {@code
 * org.zonda.model}; the packages below this one are internal.
 */
package org.zonda.runtime;
