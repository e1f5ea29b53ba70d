package org.zonda.model.template;

/** What can be called: a macro, a function, or a method of a value. */
@FunctionalInterface
interface Callable {

  Object call(Arguments arguments);
}
