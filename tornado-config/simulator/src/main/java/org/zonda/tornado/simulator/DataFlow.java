package org.zonda.tornado.simulator;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows references through a method, once from top to bottom as javac lays code out: which
 * parameters it reads and writes, and what it calls its local arrays. TornadoVM decides by the same
 * question whether an array is copied to the device at all.
 */
final class DataFlow {
  /** Where a value comes from: nothing of interest, a parameter, or a local array's place. */
  private static final int OTHER = -1;

  private static final int LOCAL_ARRAY = -2;

  /** A number that is known when TornadoVM compiles: arguments that are numbers are constants. */
  private static final int CONSTANT = -3;

  /** The constant 255. */
  private static final int BYTE_MASK = -4;

  /** A byte, widened to an int. */
  private static final int BYTE = -5;

  /** A byte of which the mask 255 was taken: TornadoVM goes on with an unsigned type. */
  private static final int UNSIGNED = -6;

  private final KernelMethod method;
  private final Map<KernelMethod, DataFlow> known;
  private final Access[] accesses;
  private final List<String> localArrayNames = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<Label, List<Integer>> stackAt = new HashMap<>();
  private final Map<Integer, Integer> locals = new HashMap<>();
  private List<Integer> stack = new ArrayList<>();
  private int line;
  private int position;
  private int guardedUntil;

  /** The data flow of a method and of all that it calls, which must not be recursive. */
  static DataFlow of(KernelMethod method, Map<KernelMethod, DataFlow> known) {
    DataFlow flow = known.get(method);
    if (flow == null) {
      flow = new DataFlow(method, known);
      known.put(method, flow);
      flow.follow();
    }
    return flow;
  }

  private DataFlow(KernelMethod method, Map<KernelMethod, DataFlow> known) {
    this.method = method;
    this.known = known;
    this.accesses = new Access[method.type().parameterCount()];
    int slot = 0;
    for (int i = 0; i < accesses.length; i++) {
      accesses[i] = Access.NONE;
      ClassDesc type = method.type().parameterType(i);
      locals.put(slot, type.isPrimitive() ? CONSTANT : i);
      slot += TypeKind.from(type).slotSize();
    }
  }

  /** What the method and its callees do with each parameter. */
  Access[] accesses() {
    return accesses;
  }

  /** The variables that hold the local arrays, in the order of the allocations; "" if none. */
  List<String> localArrayNames() {
    return localArrayNames;
  }

  /** Local arrays handed to other methods, and private arrays of unknown size, as text. */
  List<String> problems() {
    return problems;
  }

  private void follow() {
    CodeAttribute code = (CodeAttribute) method.code();
    boolean allocated = false;
    for (CodeElement element : code) {
      switch (element) {
        case LineNumber number -> line = number.line();
        case LabelTarget target -> {
          List<Integer> saved = stackAt.get(target.label());
          if (saved != null) {
            stack = new ArrayList<>(saved);
          }
        }
        case Instruction instruction -> {
          int end = position + instruction.sizeInBytes();
          if (allocated) {
            localArrayNames.add(
                instruction instanceof StoreInstruction store
                    ? method.variable(store.slot(), end)
                    : "");
          }
          allocated = step(instruction, code);
          position = end;
        }
        default -> {}
      }
    }
  }

  /** Executes an instruction on the stack of origins; whether it allocated a local array. */
  private boolean step(Instruction instruction, CodeAttribute code) {
    switch (instruction) {
      case LoadInstruction load -> {
        push(locals.getOrDefault(load.slot(), OTHER), load.typeKind().slotSize());
        return false;
      }
      case StoreInstruction store -> {
        int origin = stack.isEmpty() ? OTHER : stack.getLast();
        pop(store.typeKind().slotSize());
        locals.put(store.slot(), origin);
        return false;
      }
      case IncrementInstruction increment -> {
        locals.put(increment.slot(), OTHER);
        return false;
      }
      case NewPrimitiveArrayInstruction _ -> {
        if (!stack.isEmpty() && !constants(stack.subList(stack.size() - 1, stack.size()))) {
          problems.add(
              method.display()
                  + ":"
                  + line
                  + " makes a private array whose size is not a constant");
        }
        pop(1);
        push(OTHER, 1);
        return false;
      }
      case InvokeInstruction invoke -> {
        return call(invoke);
      }
      case TypeCheckInstruction check -> {
        if (check.opcode() == Opcode.INSTANCEOF) {
          pop(1);
          push(OTHER, 1);
        }
        return false;
      }
      case BranchInstruction branch -> {
        pop(StackEffects.pops(branch));
        branchTo(branch.target(), code);
        if (StackEffects.isGoto(branch)) {
          stack = new ArrayList<>();
        }
        return false;
      }
      case TableSwitchInstruction table -> {
        pop(1);
        table.cases().forEach(c -> branchTo(c.target(), code));
        branchTo(table.defaultTarget(), code);
        stack = new ArrayList<>();
        return false;
      }
      case LookupSwitchInstruction lookup -> {
        pop(1);
        lookup.cases().forEach(c -> branchTo(c.target(), code));
        branchTo(lookup.defaultTarget(), code);
        stack = new ArrayList<>();
        return false;
      }
      case ReturnInstruction _ -> {
        stack = new ArrayList<>();
        return false;
      }
      case ThrowInstruction _ -> {
        stack = new ArrayList<>();
        return false;
      }
      default -> {
        if (!StackEffects.rearrange(instruction, stack)) {
          int operands = StackEffects.pops(instruction);
          int result = result(instruction, operands);
          pop(operands);
          push(result, StackEffects.pushes(instruction));
        }
        return false;
      }
    }
  }

  /** The origin of what an instruction computes from the top slots of the stack. */
  private int result(Instruction instruction, int slots) {
    if (stack.size() < slots) {
      return OTHER;
    }
    List<Integer> operands = stack.subList(stack.size() - slots, stack.size());
    return switch (instruction) {
      case ConstantInstruction constant when constant.constantValue() instanceof Integer value ->
          value == 255 ? BYTE_MASK : CONSTANT;
      case ConstantInstruction _ -> CONSTANT;
      case ArrayLoadInstruction load when load.opcode() == Opcode.BALOAD -> BYTE;
      case ConvertInstruction convert when convert.opcode() == Opcode.I2B -> BYTE;
      case ConvertInstruction _ -> constants(operands) ? CONSTANT : OTHER;
      case OperatorInstruction operator -> arithmetic(operator, operands);
      default -> OTHER;
    };
  }

  private int arithmetic(OperatorInstruction operator, List<Integer> operands) {
    if (constants(operands)) {
      return CONSTANT;
    }
    boolean unsigned = operands.contains(UNSIGNED);
    return switch (operator.opcode()) {
      case IAND -> operands.contains(BYTE) && operands.contains(BYTE_MASK) ? UNSIGNED : OTHER;
      case ISHR -> unsigned ? UNSIGNED : OTHER;
      case ISUB, INEG, ISHL -> {
        if (unsigned) {
          problems.add(
              method.display()
                  + ":"
                  + line
                  + " subtracts from, negates or shifts left a byte & 255, which TornadoVM takes for"
                  + " unsigned; compute with floats or with parts of the signed byte");
        }
        yield OTHER;
      }
      default -> OTHER;
    };
  }

  private static boolean constants(List<Integer> origins) {
    return origins.stream().allMatch(origin -> origin == CONSTANT || origin == BYTE_MASK);
  }

  private void branchTo(Label target, CodeAttribute code) {
    stackAt.putIfAbsent(target, new ArrayList<>(stack));
    guardedUntil = Math.max(guardedUntil, code.labelToBci(target));
  }

  private boolean call(InvokeInstruction invoke) {
    List<Integer> arguments = new ArrayList<>();
    var parameters = invoke.typeSymbol().parameterList();
    for (int i = parameters.size() - 1; i >= 0; i--) {
      arguments.addFirst(stack.isEmpty() ? OTHER : stack.getLast());
      pop(TypeKind.from(parameters.get(i)).slotSize());
    }
    boolean isStatic = invoke.opcode() == Opcode.INVOKESTATIC;
    int receiver = isStatic || stack.isEmpty() ? OTHER : stack.getLast();
    pop(isStatic ? 0 : 1);
    String owner = invoke.owner().asInternalName();
    String name = invoke.name().stringValue();
    boolean allocates = false;
    if (Api.isArray(owner)) {
      note(receiver, name.startsWith("get") && !name.equals("getSize"), name.startsWith("set"));
    } else if (owner.equals(Api.CONTEXT)) {
      allocates = name.startsWith("allocate");
      if (name.equals("atomicAdd")) {
        note(arguments.getFirst(), true, true);
      } else if (name.startsWith("mmaStore")) {
        note(arguments.get(1), true, true);
      }
    } else if (owner.equals(Api.QUANTIZATION)) {
      arguments.forEach(argument -> note(argument, true, false));
    } else if (CallTree.isKernelCall(invoke)) {
      callKernel(invoke, arguments);
    }
    boolean constant = CallTree.isKernelCall(invoke) && constants(arguments);
    boolean givesByte =
        Api.isArray(owner)
            && name.equals("get")
            && invoke.typeSymbol().returnType().equals(ConstantDescs.CD_byte);
    push(
        allocates ? LOCAL_ARRAY : constant ? CONSTANT : givesByte ? BYTE : OTHER,
        TypeKind.from(invoke.typeSymbol().returnType()).slotSize());
    return allocates;
  }

  private void callKernel(InvokeInstruction invoke, List<Integer> arguments) {
    KernelMethod.Key key = KernelMethod.Key.of(invoke);
    for (KernelMethod callee : method.calls()) {
      if (callee.key().equals(key)) {
        Access[] inner = of(callee, known).accesses;
        for (int i = 0; i < inner.length; i++) {
          int origin = arguments.get(i);
          if (origin == LOCAL_ARRAY) {
            problems.add(
                method.display()
                    + ":"
                    + line
                    + " hands a local array to "
                    + callee.display()
                    + ", where TornadoVM addresses it wrongly");
          } else if (origin >= 0) {
            accesses[origin] =
                accesses[origin].or(guarded() ? inner[i].guardedIfWritten() : inner[i]);
          }
        }
        return;
      }
    }
  }

  private void note(int origin, boolean read, boolean written) {
    if (origin >= 0) {
      accesses[origin] = accesses[origin].or(new Access(read, written, written && guarded()));
    }
  }

  private boolean guarded() {
    return position < guardedUntil;
  }

  private void push(int origin, int slots) {
    for (int i = 0; i < slots; i++) {
      stack.add(origin);
    }
  }

  private void pop(int slots) {
    for (int i = 0; i < slots && !stack.isEmpty(); i++) {
      stack.removeLast();
    }
  }
}
