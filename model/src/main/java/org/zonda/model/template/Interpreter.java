package org.zonda.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.zonda.model.template.Statement.Branch;
import org.zonda.model.template.Statement.Target;

/** Executes statements. One rendering, one thread. */
final class Interpreter {

  /** How a statement ends. */
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Printer printer;
  private final Evaluator evaluator;
  private TextBuilder out;

  Interpreter(Budget budget, Functions functions) {
    this.budget = budget;
    this.printer = new Printer(budget);
    this.evaluator = new Evaluator(budget, functions);
    this.out = new TextBuilder(budget);
  }

  /** Where the latest fault was. */
  String place() {
    return "line " + evaluator.line();
  }

  Object evaluate(Expression expression, Scope scope) {
    return evaluator.evaluate(expression, scope);
  }

  /** What statements write. */
  Text text(List<Statement> body, Scope scope) {
    TextBuilder outer = out;
    TextBuilder captured = new TextBuilder(budget);
    out = captured;
    execute(body, scope);
    out = outer;
    return captured.build();
  }

  private Flow execute(List<Statement> body, Scope scope) {
    budget.enter();
    Flow flow = Flow.NEXT;
    for (Iterator<Statement> i = body.iterator(); flow == Flow.NEXT && i.hasNext(); ) {
      budget.step();
      flow = execute(i.next(), scope);
    }
    budget.leave();
    return flow;
  }

  private Flow execute(Statement statement, Scope scope) {
    switch (statement) {
      case Statement.Data data -> write(data.text());
      case Statement.Print print -> write(printer.str(evaluate(print.expression(), scope)));
      case Statement.If choice -> {
        return execute(choose(choice, scope), scope);
      }
      case Statement.For loop -> {
        return loop(loop, scope);
      }
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
      case Statement.Set set -> assign(set.target(), evaluate(set.value(), scope), scope);
      case Statement.SetBlock set -> {
        Object captured = captured(set.body(), set.value(), scope);
        assign(set.target(), captured, scope);
      }
      case Statement.FilterBlock filter ->
          write(printer.str(captured(filter.body(), filter.value(), scope)));
      case Statement.With with -> {
        return with(with, scope);
      }
      case Statement.Scoped scoped -> {
        return execute(scoped.body(), new Scope(scope));
      }
      case Statement.MacroDefinition macro ->
          scope.set(macro.code().name(), new Macro(macro.code(), scope, this));
      case Statement.CallBlock block -> {
        Macro caller = new Macro(block.caller(), scope, this);
        write(printer.str(evaluator.call(block.call(), caller, scope)));
      }
    }
    return Flow.NEXT;
  }

  private void write(Text text) {
    out.append(text);
    budget.output(out.length());
  }

  private List<Statement> choose(Statement.If choice, Scope scope) {
    for (Branch branch : choice.branches()) {
      if (Values.isTrue(evaluate(branch.condition(), scope))) {
        return branch.body();
      }
    }
    return choice.otherwise();
  }

  private Flow loop(Statement.For loop, Scope scope) {
    List<Object> items = items(loop, scope);
    Loop state = new Loop(items, budget);
    boolean completed = false;
    Flow flow = Flow.NEXT;
    for (int i = 0; i < items.size() && flow != Flow.BREAK; i++) {
      budget.step();
      state.at(i);
      Scope inner = new Scope(scope);
      inner.set("loop", state);
      assign(loop.target(), items.get(i), inner);
      flow = execute(loop.body(), inner);
      completed |= flow == Flow.NEXT;
    }
    // Jinja2's else: no item's body came to its end.
    return completed ? Flow.NEXT : execute(loop.otherwise(), new Scope(scope));
  }

  private List<Object> items(Statement.For loop, Scope scope) {
    List<Object> items = Values.items(evaluate(loop.items(), scope), budget);
    if (loop.condition() == null) {
      return items;
    }
    List<Object> chosen = new ArrayList<>();
    for (Object item : items) {
      Scope inner = new Scope(scope);
      assign(loop.target(), item, inner);
      if (Values.isTrue(evaluate(loop.condition(), inner))) {
        chosen.add(item);
      }
    }
    return chosen;
  }

  private Flow with(Statement.With with, Scope scope) {
    Scope inner = new Scope(scope);
    for (int i = 0; i < with.targets().size(); i++) {
      assign(with.targets().get(i), evaluate(with.values().get(i), scope), inner);
    }
    return execute(with.body(), inner);
  }

  /** A body's text, through filters. */
  private Object captured(List<Statement> body, Expression value, Scope scope) {
    Text text = text(body, new Scope(scope));
    return evaluator.filtered(value, text, scope);
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Target.Variable variable -> scope.set(variable.name(), value);
      case Target.Several several -> {
        evaluator.at(several.line());
        List<Target> targets = several.targets();
        List<Object> items = Values.items(value, budget);
        if (items.size() != targets.size()) {
          throw new TemplateException(
              "the names (%d) are not as many as the values (%d) to be set"
                  .formatted(targets.size(), items.size()));
        }
        for (int i = 0; i < items.size(); i++) {
          assign(targets.get(i), items.get(i), scope);
        }
      }
      case Target.Member member -> {
        evaluator.at(member.line());
        Object holder = scope.get(member.namespace());
        if (!(holder instanceof Namespace namespace)) {
          String found = holder == Values.ABSENT ? "Undefined" : Values.typeName(holder);
          throw new TemplateException(
              "'%s.%s' cannot be set on a value of type '%s'; members of a namespace() can"
                  .formatted(member.namespace(), member.attribute(), found));
        }
        budget.elements(1);
        namespace.set(member.attribute(), value);
      }
    }
  }
}
