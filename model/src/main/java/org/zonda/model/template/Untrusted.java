package org.zonda.model.template;

/**
 * A value for a template whose texts come from users: what becomes of them stays apart in the
 * {@link Rendering}.
 *
 * @param value null, a boolean, a number, a string, or a list or map of such; all its strings and
 *     keys are meant
 */
public record Untrusted(Object value) {}
