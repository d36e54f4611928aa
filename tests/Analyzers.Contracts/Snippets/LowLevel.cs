using System;
using System.Runtime.CompilerServices;
using Atoll;

namespace Snippets;

[InlineArray(4)]
struct Four
{
    private int _first;
}

static unsafe class LowLevel
{
    static readonly delegate*<int, int> s_pointer = &Next;

    [NoGC, Clean] static void StackPointer() { int* numbers = stackalloc int[4]; numbers[1] = 3; Sink.Number = numbers[1]; }
    [NoGC, Clean] static void StackSpan() { Span<int> numbers = stackalloc int[4]; numbers[1] = 3; Sink.Number = numbers[1]; }
    [NoGC, Clean] static void StackInitialised() { Span<int> numbers = stackalloc[] { 1, 2, 3 }; Sink.Number = numbers[1]; }
    [NoGC, Clean] static void StackInExpression() => Sink.Number = Sum(stackalloc int[] { 1, 2 });
    [NoGC, Clean] static void StackOrArray() { Span<byte> buffer = Given.Number < 0 ? Given.Bytes : stackalloc byte[16]; Sink.Number = buffer.Length; }
    [NoGC, Clean] static void Fixed() { fixed (int* first = Given.Numbers) { Sink.Number = *first; } }
    [NoGC, Clean] static void FixedText() { fixed (char* first = Given.Text) { Sink.Number = *first; } }
    [NoGC, Clean] static void FixedSpan() { fixed (byte* first = Given.Bytes.AsSpan()) { Sink.Number = first[2]; } }
    [NoGC, Clean] static void AddressOfLocal() { int local = 3; int* pointer = &local; *pointer = 4; Sink.Number = local; }
    [NoGC, Clean] static void MemberByPointer() { Square square = new(3); Square* pointer = &square; Sink.Number = pointer->Side; }
    [NoGC, Clean] static void SizeOf() => Sink.Number = sizeof(Square);
    [NoGC, Clean] static void PointerArithmetic() { int* numbers = stackalloc int[4]; Sink.Long = (numbers + 2) - numbers; }
    [NoGC, Clean] static void Inline() { Four four = default; four[2] = 3; Sink.Number = four[2]; }
    [NoGC, Clean] static void InlineSpan() { Four four = default; Span<int> span = four; span[1] = 3; Sink.Number = four[1]; }
    [NoGC, Clean] static void InlineForeach() { Four four = default; foreach (int number in four) { Sink.Number += number; } }
    [NoGC, Clean] static void RefLocal() { int local = 3; ref int alias = ref local; alias++; Sink.Number = local; }
    [NoGC, Clean] static void RefReturn() => First(Given.Numbers) = 5;
    [NoGC, Clean] static void RefField() { int local = 3; var view = new View(ref local); view.Value++; Sink.Number = local; }
    [NoGC, Clean] static void InParameter() => Sink.Number = Area(new Square(2));
    [NoGC, Clean] static void OutParameter() { Split(7, out int a, out int b); Sink.Number = a + b; }
    [NoGC, Clean] static void Cast() => Sink.Number = *(int*)Unsafe.AsPointer(ref Given.Numbers[0]);
    [NoGC, Clean] static void Checked() => Sink.Number = checked(Given.Number + 1);
    [NoGC, Clean] static void Goto() { int i = 0; again: if (++i < 3) { goto again; } Sink.Number = i; }
    [NoGC, Clean] static void While() { int i = 3; while (i > 0) { i--; } do { i++; } while (i < 3); Sink.Number = i; }
    [NoGC, Clean] static void RefStructInterface() => Sink.Number = AreaOf(new Flat(3));
    [NoGC, NotKnown] static void ByPointer() => Sink.Number = s_pointer(3);

    static int Next(int value) => value + 1;

    static int Sum(ReadOnlySpan<int> numbers) => numbers[0] + numbers[1];

    static ref int First(int[] numbers) => ref numbers[0];

    static int Area(in Square square) => square.Side * square.Side;

    static void Split(int value, out int half, out int rest) { half = value / 2; rest = value - half; }

    static int AreaOf(Flat flat) => flat.Area();

    ref struct View(ref int place)
    {
        public ref int Value = ref place;
    }

    readonly ref struct Flat(int side) : IShape
    {
        public int Area() => side * side;
    }
}
