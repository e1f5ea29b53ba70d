package org.zonda.tornado.simulator;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * Looks through a kernel's code for what a backend cannot compile, or compiles to something else.
 * The findings are what was seen with TornadoVM 5.2.0; see docs/simulator.md.
 */
final class KernelChecks {
  private static final Set<String> MATH =
      Set.of(
          "min", "max", "abs", "sqrt", "pow", "exp", "log", "sin", "cos", "tan", "tanh", "atan",
          "atan2", "asin", "acos");

  /** Functions of OpenCL C whose names a kernel may happen to have. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "abs",
          "all",
          "any",
          "barrier",
          "ceil",
          "clamp",
          "cos",
          "cross",
          "degrees",
          "distance",
          "dot",
          "exp",
          "floor",
          "fma",
          "fract",
          "hypot",
          "length",
          "log",
          "mad",
          "max",
          "min",
          "mix",
          "normalize",
          "pow",
          "prefetch",
          "printf",
          "radians",
          "round",
          "rotate",
          "rsqrt",
          "select",
          "shuffle",
          "sign",
          "sin",
          "smoothstep",
          "sqrt",
          "step",
          "tan",
          "tanh",
          "trunc");

  private static final Set<String> ARRAY_METHODS =
      Set.of("get", "set", "getSize", "getHalfFloat", "setHalfFloat");
  private static final Set<String> HALF_METHODS =
      Set.of("<init>", "add", "sub", "mult", "div", "getFloat32", "getHalfFloatValue");

  private final TornadoVMBackendType backend;
  private final List<String> findings = new ArrayList<>();
  private KernelMethod method;
  private int line;

  private KernelChecks(TornadoVMBackendType backend) {
    this.backend = backend;
  }

  /** What a backend lacks of what a kernel uses, each with its method and line. */
  static List<String> findings(CallTree tree, TornadoVMBackendType backend) {
    KernelChecks checks = new KernelChecks(backend);
    String name = tree.kernel().model().methodName().stringValue();
    if (backend == TornadoVMBackendType.OPENCL && BUILT_IN.contains(name)) {
      checks.findings.add(
          tree.kernel().display() + " is called like a function that OpenCL has: rename it");
    }
    int parameters = tree.kernel().type().parameterCount();
    if (parameters > 20) {
      checks.findings.add(
          tree.kernel().display() + " has " + parameters + " parameters; 20 are the most");
    }
    for (KernelMethod method : tree.methods()) {
      checks.check(method);
    }
    return checks.findings;
  }

  private void check(KernelMethod checked) {
    method = checked;
    line = 0;
    if (checked.variables() == null && checked.type().parameterCount() > 0) {
      find("has no table of local variables: compile it with -g");
    }
    if (checked.code().exceptionHandlers().size() > 0) {
      find("catches exceptions");
    }
    for (CodeElement element : checked.code()) {
      switch (element) {
        case LineNumber number -> line = number.line();
        case InvokeInstruction invoke -> invoke(invoke);
        case InvokeDynamicInstruction _ ->
            find("uses a lambda, string concatenation or pattern switch");
        case FieldInstruction field -> field(field);
        case NewObjectInstruction make -> {
          if (!make.className().asInternalName().equals(Api.HALF_FLOAT)) {
            find("makes an object of " + name(make.className().asInternalName()));
          }
        }
        case NewPrimitiveArrayInstruction make -> {
          if (make.typeKind() == TypeKind.BOOLEAN || make.typeKind() == TypeKind.CHAR) {
            find("makes an array of " + make.typeKind().name().toLowerCase());
          }
        }
        case NewReferenceArrayInstruction _ -> find("makes an array of objects");
        case NewMultiArrayInstruction _ -> find("makes an array of arrays");
        case ArrayLoadInstruction load -> {
          if (load.typeKind() == TypeKind.CHAR) {
            find("reads an array of char");
          }
        }
        case ThrowInstruction _ -> find("throws an exception");
        case MonitorInstruction _ -> find("uses a monitor");
        case BranchInstruction branch -> {
          if (branch.opcode() == Opcode.IF_ACMPEQ || branch.opcode() == Opcode.IF_ACMPNE) {
            find("compares references; put ids of the context into int variables first");
          }
        }
        default -> {}
      }
    }
  }

  private void invoke(InvokeInstruction invoke) {
    String owner = invoke.owner().asInternalName();
    String name = invoke.name().stringValue();
    String type = invoke.type().stringValue();
    if (owner.equals(Api.CONTEXT)) {
      context(name, type);
    } else if (owner.equals(Api.QUANTIZATION)) {
      if (name.startsWith("dp4a") && backend == TornadoVMBackendType.OPENCL) {
        lacks(name);
      }
    } else if (Api.isArray(owner)) {
      if (!ARRAY_METHODS.contains(name)) {
        find("calls " + name(owner) + "." + name + ", which a device does not have");
      }
    } else if (owner.equals(Api.HALF_FLOAT)) {
      if (!HALF_METHODS.contains(name)) {
        find("calls HalfFloat." + name + ", which a device does not have");
      } else if (name.equals("getHalfFloatValue") && backend == TornadoVMBackendType.OPENCL) {
        lacks("the bits of a HalfFloat");
      }
    } else if (Api.contains(owner)) {
      if (!owner.equals(Api.MATH)) {
        find("calls " + name(owner) + "." + name + ", which a device does not have");
      }
    } else if (owner.startsWith("java/lang/")) {
      jdk(owner.substring("java/lang/".length()), name);
    } else if (invoke.opcode() != Opcode.INVOKESTATIC || owner.startsWith("java/")) {
      find("calls " + name(owner) + "." + name + ", which is not a static method of a kernel");
    }
  }

  private void context(String name, String type) {
    boolean opencl = backend == TornadoVMBackendType.OPENCL;
    if (opencl && name.startsWith("mma")) {
      lacks(name);
    } else if (opencl && name.startsWith("simd")) {
      find("uses " + name + ", which is silently the identity on OpenCL");
    } else if (opencl && name.equals("atomicAdd") && type.contains("FloatArray")) {
      lacks("atomicAdd on floats");
    }
  }

  private void jdk(String owner, String name) {
    boolean known =
        switch (owner) {
          case "Math" -> MATH.contains(name);
          case "Integer" ->
              name.equals("intValue") || name.equals("valueOf") || name.equals("bitCount");
          case "Long" ->
              name.equals("longValue") || name.equals("valueOf") || name.equals("bitCount");
          case "Float" -> name.equals("floatValue") || name.equals("valueOf");
          case "Double" -> name.equals("doubleValue") || name.equals("valueOf");
          default -> false;
        };
    if (!known) {
      find("calls " + owner + "." + name + ", which TornadoVM does not compile rightly");
    }
  }

  private void field(FieldInstruction field) {
    String owner = field.owner().asInternalName();
    if (owner.equals(Api.CONTEXT) || owner.equals(Api.MMA_SHAPE)) {
      return;
    }
    find(
        "uses the field "
            + KernelMethod.display(owner, field.name().stringValue())
            + ", which is not a compile-time constant; pass it as an argument");
  }

  private void lacks(String operation) {
    find("uses " + operation + ", which " + backend + " lacks");
  }

  private void find(String what) {
    findings.add(method.display() + ":" + line + " " + what);
  }

  private static String name(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
