package org.zonda.runtime.tornado;

import org.zonda.kernels.ElementKernels;
import org.zonda.model.graph.Activation;
import org.zonda.model.graph.Operation;
import org.zonda.model.graph.Operation.Activate;
import org.zonda.model.graph.Operation.Add;
import org.zonda.model.graph.Operation.Gate;
import org.zonda.model.graph.Operation.Scale;
import org.zonda.model.graph.Operation.SoftCap;

/** Activates, scales, bounds, gates or adds rows. */
final class ElementTasks implements StepTasks {

  private final StageMemory stage;
  private final Operation operation;
  private final Place first;
  private final Place last;
  private final Place out;
  private final int width;

  ElementTasks(StageMemory stage, Step.Element step, Places places) {
    this.stage = stage;
    operation = step.operation();
    first = places.of(operation.inputs().getFirst());
    last = places.of(operation.inputs().getLast());
    out = places.of(operation.output());
    width = operation.output().width();
  }

  @Override
  public void add(Target target) {
    target
        .tasks()
        .add(
            operation.output().name(),
            Grid.elements(stage.profile.elementGroup(), width),
            task(target));
  }

  private TaskList.Task task(Target target) {
    return switch (operation) {
      case Activate op -> activate(target, op.activation());
      case Scale op -> scale(target, op.factor());
      case SoftCap op -> softCap(target, op.cap());
      case Gate op -> gate(target, op.activation());
      case Add op -> sum(target);
      default -> throw new IllegalStateException(operation + " is not done element by element");
    };
  }

  private TaskList.Task activate(Target target, Activation activation) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("element.activate", ElementKernels::activate),
            stage.program.context,
            target.pass(),
            first.array(),
            out.array(),
            width,
            first.offset(),
            first.stride(),
            out.offset(),
            out.stride(),
            ActivationCodes.of(activation));
  }

  private TaskList.Task scale(Target target, float factor) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("element.scale", ElementKernels::scale),
            stage.program.context,
            target.pass(),
            first.array(),
            out.array(),
            width,
            first.offset(),
            first.stride(),
            out.offset(),
            out.stride(),
            factor);
  }

  private TaskList.Task softCap(Target target, float cap) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("element.soft_cap", ElementKernels::softCap),
            stage.program.context,
            target.pass(),
            first.array(),
            out.array(),
            width,
            first.offset(),
            first.stride(),
            out.offset(),
            out.stride(),
            cap);
  }

  private TaskList.Task gate(Target target, Activation activation) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("element.gate", ElementKernels::gate),
            stage.program.context,
            target.pass(),
            first.array(),
            last.array(),
            out.array(),
            ActivationCodes.of(activation),
            width,
            1,
            first.offset(),
            first.stride(),
            last.offset(),
            last.stride(),
            out.offset(),
            out.stride());
  }

  private TaskList.Task sum(Target target) {
    return (g, n) ->
        g.task(
            n,
            stage.kernels.of("element.add", ElementKernels::add),
            stage.program.context,
            target.pass(),
            first.array(),
            last.array(),
            out.array(),
            width,
            first.offset(),
            first.stride(),
            last.offset(),
            last.stride(),
            out.offset(),
            out.stride());
  }
}
