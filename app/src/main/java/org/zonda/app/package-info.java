/**
 * The command line: one class per command, option groups that commands share, and the console that
 * stands between them and the outside. Commands throw {@link org.zonda.model.ZondaException} for
 * what a user can mend; {@link org.zonda.app.Failures} turns every failure into one line and an
 * exit code.
 */
package org.zonda.app;
