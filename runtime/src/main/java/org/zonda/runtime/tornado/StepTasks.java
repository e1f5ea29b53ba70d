package org.zonda.runtime.tornado;

import java.util.List;

/** A step of one layer or of several equal ones, with its weights on their way to the device. */
interface StepTasks {

  /**
   * Adds the launches of one layer.
   *
   * @param target where to
   */
  void add(Target target);

  /**
   * Makes a step ready: takes the weights of all layers.
   *
   * @param stage what the steps of a stage share
   * @param layers the same step of each layer
   * @param places where the first layer's values lie, and so those of all
   */
  @SuppressWarnings("unchecked") // equal layers have steps of the same kind
  static StepTasks of(StageMemory stage, List<? extends Step> layers, Places places) {
    return switch (layers.getFirst()) {
      case Step.Embed step -> new EmbedTasks(stage, step, places);
      case Step.Norm step -> new NormTasks(stage, (List<Step.Norm>) layers, places);
      case Step.Project step -> new ProjectTasks(stage, (List<Step.Project>) layers, places);
      case Step.Gated step -> new GatedTasks(stage, (List<Step.Gated>) layers, places);
      case Step.Attend step -> new AttendTasks(stage, step, layers.size(), places);
      case Step.Element step -> new ElementTasks(stage, step, places);
      case Step.Mixture step -> new MixtureTasks(stage, (List<Step.Mixture>) layers, places);
    };
  }
}
