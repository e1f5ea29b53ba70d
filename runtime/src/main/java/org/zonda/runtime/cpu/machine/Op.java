package org.zonda.runtime.cpu.machine;

import java.util.List;
import java.util.stream.Stream;

/**
 * The instructions that Zonda's machine code uses. One more is one line: its forms, of which the
 * first that takes the operands is used. A form is {@code operands: encoding}. The encoding is that
 * of Intel's Software Developer's Manual, volume 2 (of VEX and EVEX only the part that the operands
 * leave open). Operands, in the manual's order:
 *
 * <ul>
 *   <li>{@code v}: a vector register of the instruction's length; {@code v.2}, {@code v.4}, {@code
 *       v.8}: of that part of it, though at least an xmm; {@code x}, {@code y}: an xmm, a ymm;
 *       {@code k}: a mask; {@code t}: a tile; {@code r}, {@code r32}, {@code r64}: a general
 *       register;
 *   <li>{@code /m} after a register: or as many bytes of memory; {@code /m16}: or 16 bits of
 *       memory; {@code /b32}: or 32 bits of memory for all lanes;
 *   <li>{@code m}: only memory; {@code s}: memory with an index; {@code ib}, {@code id}, {@code
 *       iq}: a number; {@code u}: a number from 0 to 255; {@code 1}: the number 1; {@code l}: a
 *       label.
 * </ul>
 *
 * VEX forms come first, being shorter. Lengths are written only where not all are allowed: {@code
 * 256+} is 256 and 512.
 */
public enum Op {
  // General registers.
  MOV(
      "r/m,r: 89 /r",
      "r,m: 8B /r",
      "r32,id: B8+r id",
      "r64,id: REX.W C7 /0 id",
      "r64,iq: REX.W B8+r iq"),
  MOVZX_B("r,m8: 0F B6 /r"),
  MOVZX_W("r,m16: 0F B7 /r"),
  MOVSX_B("r,m8: 0F BE /r"),
  MOVSX_W("r,m16: 0F BF /r"),
  MOVSXD("r64,r32/m32: REX.W 63 /r"),
  LEA("r,m: 8D /r"),
  ADD("r/m,r: 01 /r", "r,m: 03 /r", "r,ib: 83 /0 ib", "r,id: 81 /0 id"),
  OR("r/m,r: 09 /r", "r,m: 0B /r", "r,ib: 83 /1 ib", "r,id: 81 /1 id"),
  AND("r/m,r: 21 /r", "r,m: 23 /r", "r,ib: 83 /4 ib", "r,id: 81 /4 id"),
  SUB("r/m,r: 29 /r", "r,m: 2B /r", "r,ib: 83 /5 ib", "r,id: 81 /5 id"),
  XOR("r/m,r: 31 /r", "r,m: 33 /r", "r,ib: 83 /6 ib", "r,id: 81 /6 id"),
  CMP("r/m,r: 39 /r", "r,m: 3B /r", "r,ib: 83 /7 ib", "r,id: 81 /7 id"),
  TEST("r/m,r: 85 /r", "r,id: F7 /0 id"),
  IMUL("r,r/m: 0F AF /r", "r,r/m,ib: 6B /r ib", "r,r/m,id: 69 /r id"),
  NOT("r: F7 /2"),
  NEG("r: F7 /3"),
  INC("r: FF /0"),
  DEC("r: FF /1"),
  SHL("r,1: D1 /4", "r,u: C1 /4 ib"),
  SHR("r,1: D1 /5", "r,u: C1 /5 ib"),
  SAR("r,1: D1 /7", "r,u: C1 /7 ib"),
  CMOVG("r,r/m: 0F 4F /r"),
  PUSH("r64: 50+r"),
  POP("r64: 58+r"),
  RET(": C3"),
  CPUID(": 0F A2"),
  XGETBV(": 0F 01 D0"),

  // Prefetching: t0 into all caches, t1 from the second on, nta past them.
  PREFETCHNTA("m8: 0F 18 /0"),
  PREFETCHT0("m8: 0F 18 /1"),
  PREFETCHT1("m8: 0F 18 /2"),

  // Jumps: near enough, or not.
  JMP("l: EB", "l: E9"),
  JB("l: 72", "l: 0F 82"),
  JAE("l: 73", "l: 0F 83"),
  JE("l: 74", "l: 0F 84"),
  JNE("l: 75", "l: 0F 85"),
  JBE("l: 76", "l: 0F 86"),
  JA("l: 77", "l: 0F 87"),
  JS("l: 78", "l: 0F 88"),
  JNS("l: 79", "l: 0F 89"),
  JL("l: 7C", "l: 0F 8C"),
  JGE("l: 7D", "l: 0F 8D"),
  JLE("l: 7E", "l: 0F 8E"),
  JG("l: 7F", "l: 0F 8F"),

  // Moving vectors.
  VMOVDQU("v,v/m: VEX.F3.0F.WIG 6F /r", "m,v: VEX.F3.0F.WIG 7F /r"),
  VMOVDQU8("v,v/m: EVEX.F2.0F.W0 6F /r", "m,v: EVEX.F2.0F.W0 7F /r"),
  VMOVDQU16("v,v/m: EVEX.F2.0F.W1 6F /r", "m,v: EVEX.F2.0F.W1 7F /r"),
  VMOVDQU32("v,v/m: EVEX.F3.0F.W0 6F /r", "m,v: EVEX.F3.0F.W0 7F /r"),
  VMOVDQU64("v,v/m: EVEX.F3.0F.W1 6F /r", "m,v: EVEX.F3.0F.W1 7F /r"),
  VMOVDQA("v,v/m: VEX.66.0F.WIG 6F /r", "m,v: VEX.66.0F.WIG 7F /r"),
  VMOVDQA32("v,v/m: EVEX.66.0F.W0 6F /r", "m,v: EVEX.66.0F.W0 7F /r"),
  VMOVDQA64("v,v/m: EVEX.66.0F.W1 6F /r", "m,v: EVEX.66.0F.W1 7F /r"),
  VMOVUPS(
      "v,v/m: VEX.0F.WIG 10 /r",
      "m,v: VEX.0F.WIG 11 /r",
      "v,v/m: EVEX.0F.W0 10 /r",
      "m,v: EVEX.0F.W0 11 /r"),
  VMOVAPS(
      "v,v/m: VEX.0F.WIG 28 /r",
      "m,v: VEX.0F.WIG 29 /r",
      "v,v/m: EVEX.0F.W0 28 /r",
      "m,v: EVEX.0F.W0 29 /r"),
  VMOVSS(
      "x,m32: VEX.LIG.F3.0F.WIG 10 /r",
      "m32,x: VEX.LIG.F3.0F.WIG 11 /r",
      "x,m32: EVEX.LIG.F3.0F.W0 10 /r",
      "m32,x: EVEX.LIG.F3.0F.W0 11 /r"),
  VMOVD(
      "x,r32/m32: VEX.128.66.0F.W0 6E /r",
      "r32/m32,x: VEX.128.66.0F.W0 7E /r",
      "x,r32/m32: EVEX.128.66.0F.W0 6E /r",
      "r32/m32,x: EVEX.128.66.0F.W0 7E /r"),
  VMOVQ(
      "x,r64: VEX.128.66.0F.W1 6E /r",
      "x,x/m64: VEX.128.F3.0F.WIG 7E /r",
      "m64,x: VEX.128.66.0F.WIG D6 /r",
      "r64/m64,x: VEX.128.66.0F.W1 7E /r",
      "x,r64/m64: EVEX.128.66.0F.W1 6E /r",
      "r64/m64,x: EVEX.128.66.0F.W1 7E /r",
      "x,x: EVEX.128.F3.0F.W1 7E /r"),
  VPMASKMOVD("v,v,m: VEX.66.0F38.W0 8C /r", "m,v,v: VEX.66.0F38.W0 8E /r"),

  // The same for all lanes.
  VPBROADCASTB(
      "v,x/m8: VEX.66.0F38.W0 78 /r",
      "v,x/m8: EVEX.66.0F38.W0 78 /r",
      "v,r32: EVEX.66.0F38.W0 7A /r"),
  VPBROADCASTW(
      "v,x/m16: VEX.66.0F38.W0 79 /r",
      "v,x/m16: EVEX.66.0F38.W0 79 /r",
      "v,r32: EVEX.66.0F38.W0 7B /r"),
  VPBROADCASTD(
      "v,x/m32: VEX.66.0F38.W0 58 /r",
      "v,x/m32: EVEX.66.0F38.W0 58 /r",
      "v,r32: EVEX.66.0F38.W0 7C /r"),
  VPBROADCASTQ(
      "v,x/m64: VEX.66.0F38.W0 59 /r",
      "v,x/m64: EVEX.66.0F38.W1 59 /r",
      "v,r64: EVEX.66.0F38.W1 7C /r"),
  VBROADCASTSS("v,x/m32: VEX.66.0F38.W0 18 /r", "v,x/m32: EVEX.66.0F38.W0 18 /r"),
  VBROADCASTI128("y,m128: VEX.256.66.0F38.W0 5A /r"),
  VBROADCASTF128("y,m128: VEX.256.66.0F38.W0 1A /r"),
  VBROADCASTI32X2("v,x/m64: EVEX.66.0F38.W0 59 /r"),
  VBROADCASTI32X4("v,m128: EVEX.256+.66.0F38.W0 5A /r"),
  VBROADCASTF32X4("v,m128: EVEX.256+.66.0F38.W0 1A /r"),
  VBROADCASTI64X4("v,m256: EVEX.512.66.0F38.W1 5B /r"),

  // Parts of vectors.
  VINSERTI128("y,y,x/m128,u: VEX.256.66.0F3A.W0 38 /r ib"),
  VINSERTI32X4("v,v,x/m128,u: EVEX.256+.66.0F3A.W0 38 /r ib"),
  VINSERTI64X4("v,v,y/m256,u: EVEX.512.66.0F3A.W1 3A /r ib"),
  VEXTRACTI128("x/m128,y,u: VEX.256.66.0F3A.W0 39 /r ib"),
  VEXTRACTI32X4("x/m128,v,u: EVEX.256+.66.0F3A.W0 39 /r ib"),
  VEXTRACTI64X4("y/m256,v,u: EVEX.512.66.0F3A.W1 3B /r ib"),
  VINSERTF128("y,y,x/m128,u: VEX.256.66.0F3A.W0 18 /r ib"),
  VINSERTF32X4("v,v,x/m128,u: EVEX.256+.66.0F3A.W0 18 /r ib"),
  VINSERTF64X4("v,v,y/m256,u: EVEX.512.66.0F3A.W1 1A /r ib"),
  VEXTRACTF128("x/m128,y,u: VEX.256.66.0F3A.W0 19 /r ib"),
  VEXTRACTF32X4("x/m128,v,u: EVEX.256+.66.0F3A.W0 19 /r ib"),
  VEXTRACTF64X4("y/m256,v,u: EVEX.512.66.0F3A.W1 1B /r ib"),
  VPINSRB("x,x,r32/m8,u: VEX.128.66.0F3A.W0 20 /r ib"),
  VPINSRW("x,x,r32/m16,u: VEX.128.66.0F.W0 C4 /r ib"),
  VPINSRD("x,x,r32/m32,u: VEX.128.66.0F3A.W0 22 /r ib"),
  VPEXTRD("r32/m32,x,u: VEX.128.66.0F3A.W0 16 /r ib"),

  // Logic.
  VPAND("v,v,v/m: VEX.66.0F.WIG DB /r"),
  VPANDD("v,v,v/m/b32: EVEX.66.0F.W0 DB /r"),
  VPANDQ("v,v,v/m/b64: EVEX.66.0F.W1 DB /r"),
  VPANDN("v,v,v/m: VEX.66.0F.WIG DF /r"),
  VPANDND("v,v,v/m/b32: EVEX.66.0F.W0 DF /r"),
  VPANDNQ("v,v,v/m/b64: EVEX.66.0F.W1 DF /r"),
  VPOR("v,v,v/m: VEX.66.0F.WIG EB /r"),
  VPORD("v,v,v/m/b32: EVEX.66.0F.W0 EB /r"),
  VPORQ("v,v,v/m/b64: EVEX.66.0F.W1 EB /r"),
  VPXOR("v,v,v/m: VEX.66.0F.WIG EF /r"),
  VPXORD("v,v,v/m/b32: EVEX.66.0F.W0 EF /r"),
  VPXORQ("v,v,v/m/b64: EVEX.66.0F.W1 EF /r"),
  VANDPS("v,v,v/m: VEX.0F.WIG 54 /r", "v,v,v/m/b32: EVEX.0F.W0 54 /r"),
  VANDNPS("v,v,v/m: VEX.0F.WIG 55 /r", "v,v,v/m/b32: EVEX.0F.W0 55 /r"),
  VORPS("v,v,v/m: VEX.0F.WIG 56 /r", "v,v,v/m/b32: EVEX.0F.W0 56 /r"),
  VXORPS("v,v,v/m: VEX.0F.WIG 57 /r", "v,v,v/m/b32: EVEX.0F.W0 57 /r"),
  VPTERNLOGD("v,v,v/m/b32,u: EVEX.66.0F3A.W0 25 /r ib"),
  VPTERNLOGQ("v,v,v/m/b64,u: EVEX.66.0F3A.W1 25 /r ib"),

  // Shifts: by the same for all lanes, or by each lane's own.
  VPSRLW(
      "v,v,x/m128: VEX.66.0F.WIG D1 /r",
      "v,v,u: VEX.66.0F.WIG 71 /2 ib",
      "v,v,x/m128: EVEX.66.0F.WIG D1 /r",
      "v,v/m,u: EVEX.66.0F.WIG 71 /2 ib"),
  VPSRLD(
      "v,v,x/m128: VEX.66.0F.WIG D2 /r",
      "v,v,u: VEX.66.0F.WIG 72 /2 ib",
      "v,v,x/m128: EVEX.66.0F.W0 D2 /r",
      "v,v/m/b32,u: EVEX.66.0F.W0 72 /2 ib"),
  VPSRLQ(
      "v,v,x/m128: VEX.66.0F.WIG D3 /r",
      "v,v,u: VEX.66.0F.WIG 73 /2 ib",
      "v,v,x/m128: EVEX.66.0F.W1 D3 /r",
      "v,v/m/b64,u: EVEX.66.0F.W1 73 /2 ib"),
  VPSLLW(
      "v,v,x/m128: VEX.66.0F.WIG F1 /r",
      "v,v,u: VEX.66.0F.WIG 71 /6 ib",
      "v,v,x/m128: EVEX.66.0F.WIG F1 /r",
      "v,v/m,u: EVEX.66.0F.WIG 71 /6 ib"),
  VPSLLD(
      "v,v,x/m128: VEX.66.0F.WIG F2 /r",
      "v,v,u: VEX.66.0F.WIG 72 /6 ib",
      "v,v,x/m128: EVEX.66.0F.W0 F2 /r",
      "v,v/m/b32,u: EVEX.66.0F.W0 72 /6 ib"),
  VPSLLQ(
      "v,v,x/m128: VEX.66.0F.WIG F3 /r",
      "v,v,u: VEX.66.0F.WIG 73 /6 ib",
      "v,v,x/m128: EVEX.66.0F.W1 F3 /r",
      "v,v/m/b64,u: EVEX.66.0F.W1 73 /6 ib"),
  VPSRAW(
      "v,v,x/m128: VEX.66.0F.WIG E1 /r",
      "v,v,u: VEX.66.0F.WIG 71 /4 ib",
      "v,v,x/m128: EVEX.66.0F.WIG E1 /r",
      "v,v/m,u: EVEX.66.0F.WIG 71 /4 ib"),
  VPSRAD(
      "v,v,x/m128: VEX.66.0F.WIG E2 /r",
      "v,v,u: VEX.66.0F.WIG 72 /4 ib",
      "v,v,x/m128: EVEX.66.0F.W0 E2 /r",
      "v,v/m/b32,u: EVEX.66.0F.W0 72 /4 ib"),
  VPSRLDQ("v,v,u: VEX.66.0F.WIG 73 /3 ib", "v,v/m,u: EVEX.66.0F.WIG 73 /3 ib"),
  VPSLLDQ("v,v,u: VEX.66.0F.WIG 73 /7 ib", "v,v/m,u: EVEX.66.0F.WIG 73 /7 ib"),
  VPSRLVD("v,v,v/m: VEX.66.0F38.W0 45 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 45 /r"),
  VPSRLVQ("v,v,v/m: VEX.66.0F38.W1 45 /r", "v,v,v/m/b64: EVEX.66.0F38.W1 45 /r"),
  VPSLLVD("v,v,v/m: VEX.66.0F38.W0 47 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 47 /r"),
  VPSLLVQ("v,v,v/m: VEX.66.0F38.W1 47 /r", "v,v,v/m/b64: EVEX.66.0F38.W1 47 /r"),
  VPSRLVW("v,v,v/m: EVEX.66.0F38.W1 10 /r"),
  VPSLLVW("v,v,v/m: EVEX.66.0F38.W1 12 /r"),
  VPSRAVD("v,v,v/m: VEX.66.0F38.W0 46 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 46 /r"),
  VPMULTISHIFTQB("v,v,v/m/b64: EVEX.66.0F38.W1 83 /r"),

  // Whole numbers.
  VPADDB("v,v,v/m: VEX.66.0F.WIG FC /r", "v,v,v/m: EVEX.66.0F.WIG FC /r"),
  VPADDW("v,v,v/m: VEX.66.0F.WIG FD /r", "v,v,v/m: EVEX.66.0F.WIG FD /r"),
  VPADDD("v,v,v/m: VEX.66.0F.WIG FE /r", "v,v,v/m/b32: EVEX.66.0F.W0 FE /r"),
  VPADDQ("v,v,v/m: VEX.66.0F.WIG D4 /r", "v,v,v/m/b64: EVEX.66.0F.W1 D4 /r"),
  VPSUBB("v,v,v/m: VEX.66.0F.WIG F8 /r", "v,v,v/m: EVEX.66.0F.WIG F8 /r"),
  VPSUBW("v,v,v/m: VEX.66.0F.WIG F9 /r", "v,v,v/m: EVEX.66.0F.WIG F9 /r"),
  VPSUBD("v,v,v/m: VEX.66.0F.WIG FA /r", "v,v,v/m/b32: EVEX.66.0F.W0 FA /r"),
  VPSUBQ("v,v,v/m: VEX.66.0F.WIG FB /r", "v,v,v/m/b64: EVEX.66.0F.W1 FB /r"),
  VPMULLW("v,v,v/m: VEX.66.0F.WIG D5 /r", "v,v,v/m: EVEX.66.0F.WIG D5 /r"),
  VPMULHW("v,v,v/m: VEX.66.0F.WIG E5 /r", "v,v,v/m: EVEX.66.0F.WIG E5 /r"),
  VPMULLD("v,v,v/m: VEX.66.0F38.WIG 40 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 40 /r"),
  VPMADDUBSW("v,v,v/m: VEX.66.0F38.WIG 04 /r", "v,v,v/m: EVEX.66.0F38.WIG 04 /r"),
  VPMADDWD("v,v,v/m: VEX.66.0F.WIG F5 /r", "v,v,v/m: EVEX.66.0F.WIG F5 /r"),
  VPSIGNB("v,v,v/m: VEX.66.0F38.WIG 08 /r"),
  VPSIGNW("v,v,v/m: VEX.66.0F38.WIG 09 /r"),
  VPHADDD("v,v,v/m: VEX.66.0F38.WIG 02 /r"),
  VPABSB("v,v/m: VEX.66.0F38.WIG 1C /r", "v,v/m: EVEX.66.0F38.WIG 1C /r"),
  VPABSW("v,v/m: VEX.66.0F38.WIG 1D /r", "v,v/m: EVEX.66.0F38.WIG 1D /r"),
  VPABSD("v,v/m: VEX.66.0F38.WIG 1E /r", "v,v/m/b32: EVEX.66.0F38.W0 1E /r"),
  VPMINSB("v,v,v/m: VEX.66.0F38.WIG 38 /r", "v,v,v/m: EVEX.66.0F38.WIG 38 /r"),
  VPMAXSB("v,v,v/m: VEX.66.0F38.WIG 3C /r", "v,v,v/m: EVEX.66.0F38.WIG 3C /r"),
  VPMINUB("v,v,v/m: VEX.66.0F.WIG DA /r", "v,v,v/m: EVEX.66.0F.WIG DA /r"),
  VPMAXUB("v,v,v/m: VEX.66.0F.WIG DE /r", "v,v,v/m: EVEX.66.0F.WIG DE /r"),
  VPMINSD("v,v,v/m: VEX.66.0F38.WIG 39 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 39 /r"),
  VPMAXSD("v,v,v/m: VEX.66.0F38.WIG 3D /r", "v,v,v/m/b32: EVEX.66.0F38.W0 3D /r"),

  // Dot products added to 32-bit sums: EVEX as part of AVX512_VNNI, VEX as part of AVX-VNNI.
  VPDPBUSD("v,v,v/m/b32: EVEX.66.0F38.W0 50 /r"),
  VPDPBUSD_VEX("v,v,v/m: VEX.66.0F38.W0 50 /r"),
  VPDPBUSDS("v,v,v/m/b32: EVEX.66.0F38.W0 51 /r"),
  VPDPBUSDS_VEX("v,v,v/m: VEX.66.0F38.W0 51 /r"),
  VPDPWSSD("v,v,v/m/b32: EVEX.66.0F38.W0 52 /r"),
  VPDPWSSD_VEX("v,v,v/m: VEX.66.0F38.W0 52 /r"),
  VDPBF16PS("v,v,v/m/b32: EVEX.F3.0F38.W0 52 /r"),

  // Wider and narrower.
  VPMOVSXBW("v,v.2/m: VEX.66.0F38.WIG 20 /r", "v,v.2/m: EVEX.66.0F38.WIG 20 /r"),
  VPMOVZXBW("v,v.2/m: VEX.66.0F38.WIG 30 /r", "v,v.2/m: EVEX.66.0F38.WIG 30 /r"),
  VPMOVSXBD("v,v.4/m: VEX.66.0F38.WIG 21 /r", "v,v.4/m: EVEX.66.0F38.WIG 21 /r"),
  VPMOVZXBD("v,v.4/m: VEX.66.0F38.WIG 31 /r", "v,v.4/m: EVEX.66.0F38.WIG 31 /r"),
  VPMOVSXBQ("v,v.8/m: VEX.66.0F38.WIG 22 /r", "v,v.8/m: EVEX.66.0F38.WIG 22 /r"),
  VPMOVZXBQ("v,v.8/m: VEX.66.0F38.WIG 32 /r", "v,v.8/m: EVEX.66.0F38.WIG 32 /r"),
  VPMOVSXWD("v,v.2/m: VEX.66.0F38.WIG 23 /r", "v,v.2/m: EVEX.66.0F38.WIG 23 /r"),
  VPMOVZXWD("v,v.2/m: VEX.66.0F38.WIG 33 /r", "v,v.2/m: EVEX.66.0F38.WIG 33 /r"),
  VPMOVZXDQ("v,v.2/m: VEX.66.0F38.WIG 35 /r", "v,v.2/m: EVEX.66.0F38.W0 35 /r"),
  VPMOVDB("v.4/m,v: EVEX.F3.0F38.W0 31 /r"),
  VPMOVDW("v.2/m,v: EVEX.F3.0F38.W0 33 /r"),
  VPMOVWB("v.2/m,v: EVEX.F3.0F38.W0 30 /r"),
  VPMOVSDB("v.4/m,v: EVEX.F3.0F38.W0 21 /r"),
  VPMOVSWB("v.2/m,v: EVEX.F3.0F38.W0 20 /r"),
  VPACKSSWB("v,v,v/m: VEX.66.0F.WIG 63 /r", "v,v,v/m: EVEX.66.0F.WIG 63 /r"),
  VPACKUSWB("v,v,v/m: VEX.66.0F.WIG 67 /r", "v,v,v/m: EVEX.66.0F.WIG 67 /r"),
  VPACKSSDW("v,v,v/m: VEX.66.0F.WIG 6B /r", "v,v,v/m/b32: EVEX.66.0F.W0 6B /r"),
  VPACKUSDW("v,v,v/m: VEX.66.0F38.WIG 2B /r", "v,v,v/m/b32: EVEX.66.0F38.W0 2B /r"),

  // Floats.
  VADDPS("v,v,v/m: VEX.0F.WIG 58 /r", "v,v,v/m/b32: EVEX.0F.W0 58 /r"),
  VMULPS("v,v,v/m: VEX.0F.WIG 59 /r", "v,v,v/m/b32: EVEX.0F.W0 59 /r"),
  VSUBPS("v,v,v/m: VEX.0F.WIG 5C /r", "v,v,v/m/b32: EVEX.0F.W0 5C /r"),
  VMINPS("v,v,v/m: VEX.0F.WIG 5D /r", "v,v,v/m/b32: EVEX.0F.W0 5D /r"),
  VDIVPS("v,v,v/m: VEX.0F.WIG 5E /r", "v,v,v/m/b32: EVEX.0F.W0 5E /r"),
  VMAXPS("v,v,v/m: VEX.0F.WIG 5F /r", "v,v,v/m/b32: EVEX.0F.W0 5F /r"),
  VADDSS("x,x,x/m32: VEX.LIG.F3.0F.WIG 58 /r", "x,x,x/m32: EVEX.LIG.F3.0F.W0 58 /r"),
  VMULSS("x,x,x/m32: VEX.LIG.F3.0F.WIG 59 /r", "x,x,x/m32: EVEX.LIG.F3.0F.W0 59 /r"),
  VDIVSS("x,x,x/m32: VEX.LIG.F3.0F.WIG 5E /r", "x,x,x/m32: EVEX.LIG.F3.0F.W0 5E /r"),
  VMAXSS("x,x,x/m32: VEX.LIG.F3.0F.WIG 5F /r", "x,x,x/m32: EVEX.LIG.F3.0F.W0 5F /r"),
  VFMADD132PS("v,v,v/m: VEX.66.0F38.W0 98 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 98 /r"),
  VFMADD213PS("v,v,v/m: VEX.66.0F38.W0 A8 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 A8 /r"),
  VFMADD231PS("v,v,v/m: VEX.66.0F38.W0 B8 /r", "v,v,v/m/b32: EVEX.66.0F38.W0 B8 /r"),
  VFMSUB231PS("v,v,v/m: VEX.66.0F38.W0 BA /r", "v,v,v/m/b32: EVEX.66.0F38.W0 BA /r"),
  VFNMADD213PS("v,v,v/m: VEX.66.0F38.W0 AC /r", "v,v,v/m/b32: EVEX.66.0F38.W0 AC /r"),
  VFNMADD231PS("v,v,v/m: VEX.66.0F38.W0 BC /r", "v,v,v/m/b32: EVEX.66.0F38.W0 BC /r"),
  VFMADD231SS("x,x,x/m32: VEX.LIG.66.0F38.W0 B9 /r", "x,x,x/m32: EVEX.LIG.66.0F38.W0 B9 /r"),
  VHADDPS("v,v,v/m: VEX.F2.0F.WIG 7C /r"),
  VROUNDPS("v,v/m,u: VEX.66.0F3A.WIG 08 /r ib"),
  VRNDSCALEPS("v,v/m/b32,u: EVEX.66.0F3A.W0 08 /r ib"),
  VSCALEFPS("v,v,v/m/b32: EVEX.66.0F38.W0 2C /r"),

  // Floats from and to other numbers.
  VCVTDQ2PS("v,v/m: VEX.0F.WIG 5B /r", "v,v/m/b32: EVEX.0F.W0 5B /r"),
  VCVTPS2DQ("v,v/m: VEX.66.0F.WIG 5B /r", "v,v/m/b32: EVEX.66.0F.W0 5B /r"),
  VCVTTPS2DQ("v,v/m: VEX.F3.0F.WIG 5B /r", "v,v/m/b32: EVEX.F3.0F.W0 5B /r"),
  VCVTPH2PS("v,v.2/m: VEX.66.0F38.W0 13 /r", "v,v.2/m: EVEX.66.0F38.W0 13 /r"),
  VCVTPS2PH("v.2/m,v,u: VEX.66.0F3A.W0 1D /r ib", "v.2/m,v,u: EVEX.66.0F3A.W0 1D /r ib"),
  VCVTNE2PS2BF16("v,v,v/m/b32: EVEX.F2.0F38.W0 72 /r"),

  // Lanes moved within 128 bits.
  VPSHUFB("v,v,v/m: VEX.66.0F38.WIG 00 /r", "v,v,v/m: EVEX.66.0F38.WIG 00 /r"),
  VPSHUFD("v,v/m,u: VEX.66.0F.WIG 70 /r ib", "v,v/m/b32,u: EVEX.66.0F.W0 70 /r ib"),
  VPSHUFLW("v,v/m,u: VEX.F2.0F.WIG 70 /r ib", "v,v/m,u: EVEX.F2.0F.WIG 70 /r ib"),
  VPSHUFHW("v,v/m,u: VEX.F3.0F.WIG 70 /r ib", "v,v/m,u: EVEX.F3.0F.WIG 70 /r ib"),
  VSHUFPS("v,v,v/m,u: VEX.0F.WIG C6 /r ib", "v,v,v/m/b32,u: EVEX.0F.W0 C6 /r ib"),
  VPALIGNR("v,v,v/m,u: VEX.66.0F3A.WIG 0F /r ib", "v,v,v/m,u: EVEX.66.0F3A.WIG 0F /r ib"),
  VPUNPCKLBW("v,v,v/m: VEX.66.0F.WIG 60 /r", "v,v,v/m: EVEX.66.0F.WIG 60 /r"),
  VPUNPCKLWD("v,v,v/m: VEX.66.0F.WIG 61 /r", "v,v,v/m: EVEX.66.0F.WIG 61 /r"),
  VPUNPCKLDQ("v,v,v/m: VEX.66.0F.WIG 62 /r", "v,v,v/m/b32: EVEX.66.0F.W0 62 /r"),
  VPUNPCKLQDQ("v,v,v/m: VEX.66.0F.WIG 6C /r", "v,v,v/m/b64: EVEX.66.0F.W1 6C /r"),
  VPUNPCKHBW("v,v,v/m: VEX.66.0F.WIG 68 /r", "v,v,v/m: EVEX.66.0F.WIG 68 /r"),
  VPUNPCKHWD("v,v,v/m: VEX.66.0F.WIG 69 /r", "v,v,v/m: EVEX.66.0F.WIG 69 /r"),
  VPUNPCKHDQ("v,v,v/m: VEX.66.0F.WIG 6A /r", "v,v,v/m/b32: EVEX.66.0F.W0 6A /r"),
  VPUNPCKHQDQ("v,v,v/m: VEX.66.0F.WIG 6D /r", "v,v,v/m/b64: EVEX.66.0F.W1 6D /r"),
  VUNPCKLPS("v,v,v/m: VEX.0F.WIG 14 /r", "v,v,v/m/b32: EVEX.0F.W0 14 /r"),
  VUNPCKHPS("v,v,v/m: VEX.0F.WIG 15 /r", "v,v,v/m/b32: EVEX.0F.W0 15 /r"),
  VMOVHLPS("x,x,x: VEX.128.0F.WIG 12 /r", "x,x,x: EVEX.128.0F.W0 12 /r"),
  VMOVSHDUP("v,v/m: VEX.F3.0F.WIG 16 /r", "v,v/m: EVEX.F3.0F.W0 16 /r"),

  // Lanes moved anywhere.
  VPERMD("v,v,v/m: VEX.256.66.0F38.W0 36 /r", "v,v,v/m/b32: EVEX.256+.66.0F38.W0 36 /r"),
  VPERMPS("v,v,v/m: VEX.256.66.0F38.W0 16 /r", "v,v,v/m/b32: EVEX.256+.66.0F38.W0 16 /r"),
  VPERMQ(
      "v,v/m,u: VEX.256.66.0F3A.W1 00 /r ib",
      "v,v/m/b64,u: EVEX.256+.66.0F3A.W1 00 /r ib",
      "v,v,v/m/b64: EVEX.256+.66.0F38.W1 36 /r"),
  VPERMB("v,v,v/m: EVEX.66.0F38.W0 8D /r"),
  VPERMW("v,v,v/m: EVEX.66.0F38.W1 8D /r"),
  VPERMI2B("v,v,v/m: EVEX.66.0F38.W0 75 /r"),
  VPERMI2W("v,v,v/m: EVEX.66.0F38.W1 75 /r"),
  VPERMI2D("v,v,v/m/b32: EVEX.66.0F38.W0 76 /r"),
  VPERMI2Q("v,v,v/m/b64: EVEX.66.0F38.W1 76 /r"),
  VPERMT2B("v,v,v/m: EVEX.66.0F38.W0 7D /r"),
  VPERMT2W("v,v,v/m: EVEX.66.0F38.W1 7D /r"),
  VPERMT2D("v,v,v/m/b32: EVEX.66.0F38.W0 7E /r"),
  VPERMT2Q("v,v,v/m/b64: EVEX.66.0F38.W1 7E /r"),
  VPERM2I128("y,y,y/m,u: VEX.256.66.0F3A.W0 46 /r ib"),
  VPERM2F128("y,y,y/m,u: VEX.256.66.0F3A.W0 06 /r ib"),
  VSHUFI32X4("v,v,v/m/b32,u: EVEX.256+.66.0F3A.W0 43 /r ib"),
  VSHUFF32X4("v,v,v/m/b32,u: EVEX.256+.66.0F3A.W0 23 /r ib"),
  VSHUFI64X2("v,v,v/m/b64,u: EVEX.256+.66.0F3A.W1 43 /r ib"),
  VALIGND("v,v,v/m/b32,u: EVEX.66.0F3A.W0 03 /r ib"),
  VALIGNQ("v,v,v/m/b64,u: EVEX.66.0F3A.W1 03 /r ib"),
  VPBLENDD("v,v,v/m,u: VEX.66.0F3A.W0 02 /r ib"),
  VBLENDPS("v,v,v/m,u: VEX.66.0F3A.WIG 0C /r ib"),
  VPBLENDMB("v,v,v/m: EVEX.66.0F38.W0 66 /r"),
  VPBLENDMD("v,v,v/m/b32: EVEX.66.0F38.W0 64 /r"),

  // Comparisons and masks.
  VPCMPEQB("v,v,v/m: VEX.66.0F.WIG 74 /r", "k,v,v/m: EVEX.66.0F.WIG 74 /r"),
  VPCMPGTB("v,v,v/m: VEX.66.0F.WIG 64 /r", "k,v,v/m: EVEX.66.0F.WIG 64 /r"),
  VPCMPEQD("v,v,v/m: VEX.66.0F.WIG 76 /r", "k,v,v/m/b32: EVEX.66.0F.W0 76 /r"),
  VPCMPGTD("v,v,v/m: VEX.66.0F.WIG 66 /r", "k,v,v/m/b32: EVEX.66.0F.W0 66 /r"),
  VCMPPS("v,v,v/m,u: VEX.0F.WIG C2 /r ib", "k,v,v/m/b32,u: EVEX.0F.W0 C2 /r ib"),
  VPCMPUD("k,v,v/m/b32,u: EVEX.66.0F3A.W0 1E /r ib"),
  VPTESTMB("k,v,v/m: EVEX.66.0F38.W0 26 /r"),
  VPTESTNMB("k,v,v/m: EVEX.F3.0F38.W0 26 /r"),
  VPTESTMD("k,v,v/m/b32: EVEX.66.0F38.W0 27 /r"),
  VPMOVM2B("v,k: EVEX.F3.0F38.W0 28 /r"),
  VPMOVB2M("k,v: EVEX.F3.0F38.W0 29 /r"),
  VPMOVMSKB("r32,v: VEX.66.0F.WIG D7 /r"),
  VMOVMSKPS("r32,v: VEX.0F.WIG 50 /r"),
  KMOVW(
      "k,r32: VEX.128.0F.W0 92 /r",
      "r32,k: VEX.128.0F.W0 93 /r",
      "k,k/m16: VEX.128.0F.W0 90 /r",
      "m16,k: VEX.128.0F.W0 91 /r"),
  KMOVD(
      "k,r32: VEX.128.F2.0F.W0 92 /r",
      "r32,k: VEX.128.F2.0F.W0 93 /r",
      "k,k/m32: VEX.128.66.0F.W1 90 /r",
      "m32,k: VEX.128.66.0F.W1 91 /r"),
  KMOVQ(
      "k,r64: VEX.128.F2.0F.W1 92 /r",
      "r64,k: VEX.128.F2.0F.W1 93 /r",
      "k,k/m64: VEX.128.0F.W1 90 /r",
      "m64,k: VEX.128.0F.W1 91 /r"),
  KORTESTW("k,k: VEX.128.0F.W0 98 /r"),

  // Tiles of AMX. Their shapes come first; a tile's rows lie an index register apart.
  LDTILECFG("m512: VEX.128.0F38.W0 49 /0"),
  TILERELEASE(": VEX.128.0F38.W0 49 C0"),
  TILELOADD("t,s: VEX.128.F2.0F38.W0 4B /r"),
  TILESTORED("s,t: VEX.128.F3.0F38.W0 4B /r"),
  TDPBF16PS("t,t,t: VEX.128.F3.0F38.W0 5C /r"),

  // Before code that uses SSE instructions, as the end of every function that used vectors.
  VZEROUPPER(": VEX.128.0F.WIG 77");

  private final String[] texts;
  private List<Form> forms;

  Op(String... texts) {
    this.texts = texts;
  }

  /** Its forms, read when they are first asked for. */
  List<Form> forms() {
    if (forms == null) {
      forms = Stream.of(texts).map(Form::of).toList();
    }
    return forms;
  }

  /**
   * The form that is used.
   *
   * @throws IllegalArgumentException if none takes the operands
   */
  Form formFor(List<Operand> operands) {
    for (Form form : forms()) {
      if (form.lengthFor(operands) != 0) {
        return form;
      }
    }
    throw new IllegalArgumentException("no form of " + this + " takes " + operands);
  }

  /** Whether it needs AVX-VNNI, which not even all processors with AVX-512 have. */
  boolean isAvxVnni() {
    return name().endsWith("_VEX");
  }
}
