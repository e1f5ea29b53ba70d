package org.zonda.tornado.simulator;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites the class files of a kernel: the API's types become the simulator's, and accesses to
 * Java arrays and the arithmetic that TornadoVM gets wrong become calls of {@link Monitor}, which
 * also hears of each jump backwards and each private array. Only the methods that the kernel
 * reaches are kept, all public, in classes of the same names.
 */
final class KernelTransform {
  private static final ClassDesc MONITOR = desc(Monitor.class);
  private static final ClassDesc ITEM = desc(WorkItem.class);
  private static final ClassDesc OBJECTS = ConstantDescs.CD_Object.arrayType();

  /** The name of the class that calls the kernel with unpacked arguments. */
  static final String ENTRY = "org.zonda.tornado.simulator.Entry";

  private final CallTree tree;
  private final ClassFile writer;

  KernelTransform(CallTree tree, ClassLoader loader) {
    this.tree = tree;
    this.writer =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(
                        loader == null ? ClassLoader.getSystemClassLoader() : loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /** The rewritten classes by name, the entry among them. */
  Map<String, byte[]> classes() {
    Map<String, List<CallTree.Copy>> byOwner = new LinkedHashMap<>();
    for (CallTree.Copy copy : tree.copies()) {
      byOwner.computeIfAbsent(copy.method().owner(), _ -> new ArrayList<>()).add(copy);
    }
    Map<String, byte[]> classes = new HashMap<>();
    byOwner.forEach(
        (owner, copies) -> classes.put(owner.replace('/', '.'), rewrite(owner, copies)));
    classes.put(ENTRY, entry());
    return classes;
  }

  private byte[] rewrite(String owner, List<CallTree.Copy> copies) {
    var original = tree.classOf(owner);
    int kind = original.flags().flagsMask() & (ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT);
    return writer.build(
        ClassDesc.ofInternalName(owner),
        builder -> {
          builder.withFlags(ClassFile.ACC_PUBLIC | kind | (kind == 0 ? ClassFile.ACC_SUPER : 0));
          original
              .findAttribute(Attributes.sourceFile())
              .ifPresent(file -> builder.with(SourceFileAttribute.of(file.sourceFile())));
          copies.forEach(copy -> add(builder, copy));
        });
  }

  private void add(ClassBuilder builder, CallTree.Copy copy) {
    builder.withMethod(
        copy.name(),
        Api.map(copy.method().type()),
        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
        method -> method.transformCode(copy.method().code(), new Rewriter(copy)));
  }

  /** A class that unpacks the arguments and calls the kernel. */
  private byte[] entry() {
    CallTree.Copy kernel = tree.root();
    MethodTypeDesc type = Api.map(kernel.method().type());
    ClassDesc owner = ClassDesc.ofInternalName(kernel.method().owner());
    return writer.build(
        ClassDesc.of(ENTRY),
        builder ->
            builder
                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withInterfaceSymbols(desc(KernelCode.class))
                .withMethodBody(
                    ConstantDescs.INIT_NAME,
                    ConstantDescs.MTD_void,
                    ClassFile.ACC_PUBLIC,
                    code ->
                        code.aload(0)
                            .invokespecial(
                                ConstantDescs.CD_Object,
                                ConstantDescs.INIT_NAME,
                                ConstantDescs.MTD_void)
                            .return_())
                .withMethodBody(
                    "run",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ITEM, OBJECTS),
                    ClassFile.ACC_PUBLIC,
                    code -> {
                      for (int i = 0; i < type.parameterCount(); i++) {
                        argument(code, i, type.parameterType(i));
                      }
                      boolean isInterface =
                          tree.classOf(kernel.method().owner()).flags().has(AccessFlag.INTERFACE);
                      code.invokestatic(owner, kernel.name(), type, isInterface).return_();
                    }));
  }

  private static void argument(CodeBuilder code, int index, ClassDesc type) {
    if (type.equals(ITEM)) {
      code.aload(1);
      return;
    }
    code.aload(2).loadConstant(index).aaload();
    if (!type.isPrimitive()) {
      code.checkcast(type);
      return;
    }
    ClassDesc box =
        TypeKind.from(type) == TypeKind.BOOLEAN
            ? ConstantDescs.CD_Boolean
            : TypeKind.from(type) == TypeKind.CHAR
                ? ConstantDescs.CD_Character
                : ConstantDescs.CD_Number;
    code.checkcast(box).invokevirtual(box, type.displayName() + "Value", MethodTypeDesc.of(type));
  }

  /** Rewrites the code of one copy; places and calls are met in the order of the call tree. */
  private final class Rewriter implements CodeTransform {
    private final CallTree.Copy copy;
    private final List<CodeElement> elements;

    /** Places of the code that lie before the one that is being rewritten. */
    private final Set<Label> behind = new HashSet<>();

    private int position = -1;
    private int site;
    private int call;

    Rewriter(CallTree.Copy copy) {
      this.copy = copy;
      this.elements = copy.method().code().elementList();
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      position++;
      switch (element) {
        case InvokeInstruction invoke -> invoke(code, invoke);
        case FieldInstruction field when field.owner().asInternalName().equals(Api.CONTEXT) ->
            code.invokevirtual(
                ITEM, field.name().stringValue(), MethodTypeDesc.of(field.typeSymbol()));
        case ArrayLoadInstruction load -> load(code, load.typeKind());
        case ArrayStoreInstruction store -> store(code, store.typeKind());
        case LabelTarget target -> {
          behind.add(target.label());
          code.with(target);
        }
        case BranchInstruction branch -> {
          jump(code, List.of(branch.target()));
          code.with(branch);
        }
        case TableSwitchInstruction choice -> {
          jump(code, choice.cases().stream().map(SwitchCase::target).toList());
          jump(code, List.of(choice.defaultTarget()));
          code.with(choice);
        }
        case LookupSwitchInstruction choice -> {
          jump(code, choice.cases().stream().map(SwitchCase::target).toList());
          jump(code, List.of(choice.defaultTarget()));
          code.with(choice);
        }
        case NewPrimitiveArrayInstruction make -> {
          code.invokestatic(
              MONITOR, "length", MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int));
          code.with(make);
          poison(code, make.typeKind());
        }
        case OperatorInstruction operator -> operator(code, operator);
        // Their types are the host's.
        case LocalVariable _ -> {}
        case LocalVariableType _ -> {}
        default -> code.with(element);
      }
    }

    private void invoke(CodeBuilder code, InvokeInstruction invoke) {
      String owner = invoke.owner().asInternalName();
      String name = invoke.name().stringValue();
      MethodTypeDesc type = Api.map(invoke.typeSymbol());
      if (CallTree.isKernelCall(invoke)) {
        CallTree.Copy callee = copy.callees().get(call++);
        code.invokestatic(
            ClassDesc.ofInternalName(owner), callee.name(), type, invoke.isInterface());
      } else if (CallTree.isSite(invoke)) {
        code.loadConstant((int) copy.sites().get(site++));
        code.invokevirtual(
            ITEM, name, type.insertParameterTypes(type.parameterCount(), ConstantDescs.CD_int));
      } else if (owner.equals(Api.CONTEXT) || Api.isArray(owner)) {
        code.invokevirtual(Api.map(ClassDesc.ofInternalName(owner)), name, type);
      } else if (owner.equals(Api.QUANTIZATION) && name.equals("dp4a")) {
        code.invokestatic(MONITOR, name, type);
      } else {
        code.with(invoke);
      }
    }

    /** Counts a jump if it may go backwards; with whatever is on the stack. */
    private void jump(CodeBuilder code, List<Label> targets) {
      if (targets.stream().anyMatch(behind::contains)) {
        code.invokestatic(MONITOR, "jump", ConstantDescs.MTD_void);
      }
    }

    private void load(CodeBuilder code, TypeKind kind) {
      ClassDesc element = element(kind);
      code.invokestatic(
          MONITOR, "load", MethodTypeDesc.of(element, element.arrayType(), ConstantDescs.CD_int));
      if (kind == TypeKind.REFERENCE) {
        code.checkcast(ClassDesc.ofInternalName(Api.HALF_FLOAT));
      }
    }

    private void store(CodeBuilder code, TypeKind kind) {
      ClassDesc element = element(kind);
      code.invokestatic(
          MONITOR,
          "store",
          MethodTypeDesc.of(
              ConstantDescs.CD_void, element.arrayType(), ConstantDescs.CD_int, element));
    }

    private void poison(CodeBuilder code, TypeKind kind) {
      if (kind == TypeKind.BOOLEAN || kind == TypeKind.CHAR) {
        return;
      }
      ClassDesc array = kind.upperBound().arrayType();
      code.invokestatic(MONITOR, "poison", MethodTypeDesc.of(array, array));
    }

    private static ClassDesc element(TypeKind kind) {
      return kind == TypeKind.REFERENCE ? ConstantDescs.CD_Object : kind.upperBound();
    }

    private void operator(CodeBuilder code, OperatorInstruction operator) {
      MethodTypeDesc ints =
          MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int);
      switch (operator.opcode()) {
        case Opcode.IDIV -> code.invokestatic(MONITOR, "divide", ints);
        case Opcode.IUSHR -> {
          if (masked()) {
            code.with(operator);
          } else {
            code.invokestatic(MONITOR, "shift", ints);
          }
        }
        case Opcode.LUSHR ->
            code.invokestatic(
                MONITOR,
                "shift",
                MethodTypeDesc.of(
                    ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_int));
        default -> code.with(operator);
      }
    }

    /** Whether a constant shift is followed by a constant mask that clears the copied sign bits. */
    private boolean masked() {
      return position + 2 < elements.size()
          && elements.get(position - 1) instanceof ConstantInstruction bits
          && elements.get(position + 1) instanceof ConstantInstruction mask
          && elements.get(position + 2) instanceof OperatorInstruction and
          && and.opcode() == Opcode.IAND
          && bits.constantValue() instanceof Integer shift
          && mask.constantValue() instanceof Integer value
          && (value & ~(-1 >>> shift)) == 0;
    }
  }
}
