package org.zonda.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.zonda.model.template.Statement.MacroCode;

/**
 * A macro where it was defined.
 *
 * @param code as it is written
 * @param scope around it
 * @param interpreter which runs it
 */
record Macro(MacroCode code, Scope scope, Interpreter interpreter) implements Callable {

  private static final String CALLER = "caller";

  Object member(String name) {
    return switch (name) {
      case "name" -> Text.of(code.name());
      case "arguments" ->
          new Tuple(code.parameters().stream().map(Text::of).map(Object.class::cast).toList());
      case CALLER -> code.usesCaller();
      case "catch_kwargs" -> code.usesNamed();
      case "catch_varargs" -> code.usesPositional();
      default -> Values.ABSENT;
    };
  }

  @Override
  public Object call(Arguments arguments) {
    Scope inner = new Scope(scope);
    List<String> parameters = code.parameters();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    List<Object> positional = arguments.positional();
    // A call block may hand a macro its caller, which is no parameter.
    Object caller = parameters.contains(CALLER) ? null : named.remove(CALLER);
    if (code.usesCaller()) {
      inner.set(
          CALLER,
          caller != null
              ? caller
              : new Undefined(
                  "'caller' has no value, since macro '%s' is not called by a call block"
                      .formatted(code.name())));
    } else if (caller != null) {
      throw fault("is called by a call block, but does not use 'caller'");
    }
    for (int i = 0; i < parameters.size(); i++) {
      String parameter = parameters.get(i);
      if (i < positional.size()) {
        if (named.containsKey(parameter)) {
          throw fault("is given '" + parameter + "' twice, by place and by name");
        }
        inner.set(parameter, positional.get(i));
      } else if (named.containsKey(parameter)) {
        inner.set(parameter, named.remove(parameter));
      } else {
        inner.set(parameter, byDefault(i, inner));
      }
    }
    List<Object> rest =
        new ArrayList<>(
            positional.subList(Math.min(parameters.size(), positional.size()), positional.size()));
    if (code.usesPositional()) {
      inner.set("varargs", new Tuple(rest));
    } else if (!rest.isEmpty()) {
      throw fault(
          "has fewer parameters (%d) than this call has values (%d)"
              .formatted(parameters.size(), positional.size()));
    }
    if (code.usesNamed()) {
      inner.set("kwargs", Functions.map(named));
    } else if (!named.isEmpty()) {
      throw fault(
          "has no parameter '%s'; it has: %s"
              .formatted(named.keySet().iterator().next(), Arguments.listed(parameters)));
    }
    return interpreter.text(code.body(), inner);
  }

  private Object byDefault(int index, Scope inner) {
    int place = index - (code.parameters().size() - code.defaults().size());
    return place >= 0
        ? interpreter.evaluate(code.defaults().get(place), inner)
        : new Undefined(
            "macro '%s' is called without '%s', which has no default"
                .formatted(code.name(), code.parameters().get(index)));
  }

  private TemplateException fault(String reason) {
    return new TemplateException("macro '%s' %s".formatted(code.name(), reason));
  }
}
