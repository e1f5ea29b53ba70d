/**
 * An interpreter of Jinja templates as chat models bring them along: it renders what Jinja2 does in
 * the sandbox that Hugging Face transformers uses ({@code trim_blocks}, {@code lstrip_blocks}, loop
 * controls, {@code tojson}, {@code raise_exception}, {@code strftime_now}).
 *
 * <p>Source becomes tokens ({@link org.zonda.model.template.Lexer}), tokens a tree of immutable
 * records ({@link org.zonda.model.template.Parser}), and the tree text ({@link
 * org.zonda.model.template.Interpreter}). Templates are hostile until proven otherwise: their
 * values are null, booleans, numbers, {@link org.zonda.model.template.Text}, lists and maps and
 * nothing of Java's, and steps, memory, output and depth are bounded ({@link
 * org.zonda.model.template.Limits}). Texts remember which of their characters came from outside the
 * template, so that these cannot forge special tokens.
 */
package org.zonda.model.template;
