package org.zonda.tornado.simulator;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.util.List;

/** How many slots of the operand stack instructions take and give. */
final class StackEffects {
  private StackEffects() {}

  static boolean isGoto(BranchInstruction branch) {
    return branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W;
  }

  static int pops(Instruction instruction) {
    return switch (instruction) {
      case BranchInstruction branch -> isGoto(branch) ? 0 : compared(branch);
      case ArrayLoadInstruction _ -> 2;
      case ArrayStoreInstruction store -> 2 + store.typeKind().slotSize();
      case ConvertInstruction convert -> convert.fromType().slotSize();
      case FieldInstruction field ->
          switch (field.opcode()) {
            case GETSTATIC -> 0;
            case GETFIELD -> 1;
            case PUTSTATIC -> slots(field);
            default -> 1 + slots(field);
          };
      case InvokeDynamicInstruction invoke ->
          invoke.typeSymbol().parameterList().stream()
              .mapToInt(type -> TypeKind.from(type).slotSize())
              .sum();
      case MonitorInstruction _ -> 1;
      case NewMultiArrayInstruction make -> make.dimensions();
      case NewPrimitiveArrayInstruction _ -> 1;
      case NewReferenceArrayInstruction _ -> 1;
      case OperatorInstruction operator -> operands(operator);
      default -> 0;
    };
  }

  static int pushes(Instruction instruction) {
    return switch (instruction) {
      case ArrayLoadInstruction load -> load.typeKind().slotSize();
      case ConstantInstruction constant -> constant.typeKind().slotSize();
      case ConvertInstruction convert -> convert.toType().slotSize();
      case FieldInstruction field ->
          field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC
              ? slots(field)
              : 0;
      case InvokeDynamicInstruction invoke ->
          TypeKind.from(invoke.typeSymbol().returnType()).slotSize();
      case NewObjectInstruction _ -> 1;
      case NewMultiArrayInstruction _ -> 1;
      case NewPrimitiveArrayInstruction _ -> 1;
      case NewReferenceArrayInstruction _ -> 1;
      case OperatorInstruction operator ->
          switch (operator.opcode()) {
            case LCMP, FCMPL, FCMPG, DCMPL, DCMPG, ARRAYLENGTH -> 1;
            default -> operator.typeKind().slotSize();
          };
      default -> 0;
    };
  }

  private static int compared(BranchInstruction branch) {
    String name = branch.opcode().name();
    return name.startsWith("IF_ICMP") || name.startsWith("IF_ACMP") ? 2 : 1;
  }

  private static int slots(FieldInstruction field) {
    return TypeKind.from(field.typeSymbol()).slotSize();
  }

  private static int operands(OperatorInstruction operator) {
    return switch (operator.opcode()) {
      case INEG, FNEG, ARRAYLENGTH -> 1;
      case LNEG, DNEG -> 2;
      case LSHL, LSHR, LUSHR -> 3;
      case FCMPL, FCMPG -> 2;
      case LCMP, DCMPL, DCMPG -> 4;
      default -> 2 * operator.typeKind().slotSize();
    };
  }

  /** Executes an instruction that only copies and swaps slots; whether it is one. */
  static boolean rearrange(Instruction instruction, List<Integer> stack) {
    if (!(instruction instanceof StackInstruction)) {
      return false;
    }
    switch (instruction.opcode()) {
      case POP -> drop(stack, 1);
      case POP2 -> drop(stack, 2);
      case DUP -> copyTop(stack, 1, 0);
      case DUP_X1 -> copyTop(stack, 1, 1);
      case DUP_X2 -> copyTop(stack, 1, 2);
      case DUP2 -> copyTop(stack, 2, 0);
      case DUP2_X1 -> copyTop(stack, 2, 1);
      case DUP2_X2 -> copyTop(stack, 2, 2);
      case SWAP -> {
        if (stack.size() >= 2) {
          stack.add(stack.remove(stack.size() - 2));
        }
      }
      default -> throw new IllegalStateException("unknown " + instruction);
    }
    return true;
  }

  private static void drop(List<Integer> stack, int slots) {
    for (int i = 0; i < slots && !stack.isEmpty(); i++) {
      stack.removeLast();
    }
  }

  /** Copies the top slots to below others. */
  private static void copyTop(List<Integer> stack, int slots, int below) {
    if (stack.size() >= slots + below) {
      List<Integer> top = List.copyOf(stack.subList(stack.size() - slots, stack.size()));
      stack.addAll(stack.size() - slots - below, top);
    }
  }
}
