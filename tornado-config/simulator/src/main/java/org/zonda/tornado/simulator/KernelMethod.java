package org.zonda.tornado.simulator;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * A method that is a kernel or that a kernel calls, as its class file has it.
 *
 * @param owner the class's internal name
 * @param calls the methods of kernels that it calls, in the order of the calls
 */
record KernelMethod(String owner, MethodModel model, List<KernelMethod> calls) {
  /** What a method is known by. */
  record Key(String owner, String name, String descriptor) {
    static Key of(InvokeInstruction call) {
      return new Key(
          call.owner().asInternalName(), call.name().stringValue(), call.type().stringValue());
    }
  }

  KernelMethod(String owner, MethodModel model) {
    this(owner, model, new ArrayList<>());
  }

  Key key() {
    return new Key(owner, model.methodName().stringValue(), model.methodType().stringValue());
  }

  CodeModel code() {
    return model.code().orElseThrow();
  }

  MethodTypeDesc type() {
    return model.methodTypeSymbol();
  }

  /** The method with its class, as people write it. */
  String display() {
    return display(owner, model.methodName().stringValue());
  }

  static String display(String owner, String name) {
    return owner.substring(owner.lastIndexOf('/') + 1).replace('$', '.') + "." + name;
  }

  /** The table of local variables, or null where the class was compiled without. */
  List<LocalVariableInfo> variables() {
    return code()
        .findAttribute(Attributes.localVariableTable())
        .map(LocalVariableTableAttribute::localVariables)
        .orElse(null);
  }

  /** The name of the variable in a slot at a position of the code, or a made-up one. */
  String variable(int slot, int position) {
    List<LocalVariableInfo> variables = variables();
    if (variables != null) {
      for (LocalVariableInfo variable : variables) {
        if (variable.slot() == slot
            && position >= variable.startPc()
            && position < variable.startPc() + variable.length()) {
          return variable.name().stringValue();
        }
      }
    }
    return "#" + slot;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KernelMethod method && method.key().equals(key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return display();
  }
}
