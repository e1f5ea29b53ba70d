package org.zonda.model.template;

/**
 * What a name or member that is not there stands for: empty where it is printed or gone through, a
 * fault where anything else is done with it.
 *
 * @param reason that fault
 */
record Undefined(String reason) {

  static Undefined name(String name) {
    return new Undefined("there is no variable '%s'; 'is defined' tests for one".formatted(name));
  }

  static Undefined attribute(Object target, String name) {
    return new Undefined(
        "%s has no member '%s'; 'is defined' tests for one".formatted(shown(target), name));
  }

  static Undefined element(Object target, Object index) {
    return new Undefined(
        "%s has no element %s; 'is defined' tests for one"
            .formatted(shown(target), Values.brief(index)));
  }

  private static String shown(Object target) {
    return target == null ? "None" : "a value of type '%s'".formatted(Values.typeName(target));
  }

  TemplateException fault() {
    return new TemplateException(reason);
  }
}
