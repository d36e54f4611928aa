using System;
using System.Collections.Generic;
using System.Text;
using Atoll;

namespace Snippets;

static class Objects
{
    class Node
    {
        public int Value;
        public Node? Next;
    }

    class Counter
    {
        private int _count;

        public Counter() => _count = 1;

        public int Next() => ++_count;
    }

    struct Pair
    {
        public int First;
        public int Second;

        public Pair(int first, int second)
        {
            First = first;
            Second = second;
        }
    }

    static Node? s_node;

    [NoGC, Allocates("ATL2001")] static void NewClass() => Sink.Object = new Node();
    [NoGC, Allocates("ATL2001")] static void TargetTyped() { Node node = new(); Sink.Object = node; }
    [NoGC, Allocates("ATL2001")] static void WithInitializer() => Sink.Object = new Node { Value = 3, Next = null };
    [NoGC, Allocates("ATL2001")] static void WithConstructor() => Sink.Object = new Counter();
    [NoGC, Allocates("ATL2001")] static void Twice() => Sink.Object = new Node { Next = new Node() };
    [NoGC, Allocates("ATL2001")] static void Plain() => Sink.Object = new object();
    [NoGC, Allocates("ATL2001")] static void Anonymous() => Sink.Object = new { A = 1, B = 2 };
    [NoGC, Allocates("ATL2001")] static void NewList() => Sink.Object = new List<int>();
    [NoGC, Allocates("ATL2001")] static void NewListWithCapacity() => Sink.Object = new List<int>(16);
    [NoGC, Allocates("ATL2001")] static void NewBuilder() => Sink.Object = new StringBuilder();
    [NoGC, Allocates("ATL2001")] static void InLoop() { for (int i = 0; i < 3; i++) { Sink.Object = new Node(); } }
    [NoGC, Allocates("ATL2001")] static void InCondition() => Sink.Object = Given.Number > 0 ? new Node() : null;
    [NoGC, Allocates("ATL2001")] static void InCoalesce() { Node? none = null; Sink.Object = none ?? new Node(); }
    [NoGC, Allocates("ATL2001")] static void InCoalesceAssignment() { s_node = null; s_node ??= new Node(); }
    [NoGC, Allocates("ATL2001")] static void InArgument() => Keep(new Node());
    [NoGC, Allocates("ATL2001")] static void InSwitch() => Sink.Object = Given.Color switch { Color.Green => new Node(), _ => null };
    [NoGC, Allocates("ATL2001")] static void InTry() { try { Sink.Object = new Node(); } finally { Sink.Number++; } }
    [NoGC, Allocates("ATL2001")] static void InFinally() { try { Sink.Number++; } finally { Sink.Object = new Node(); } }
    [NoGC, Allocates("ATL2001")] static void Discarded() => _ = new Node();
    [NoGC, Allocates("ATL2001")] static void ReturnedByLocal() { Sink.Object = Make(); static object Make() => new Node(); }
    [NoGC, Allocates("ATL2001")] static void ExceptionThatIsKept() => Sink.Object = new InvalidOperationException();
    [NoGC, Allocates("ATL2001")] static void Lazily() => Sink.Object = new Lazy<int>(5);
    [NoGC, Allocates("ATL2001")] static void Reference() => Sink.Object = new WeakReference(Given.Gate);

    [NoGC, Clean] static void NewStruct() => Sink.Number = new Pair(1, 2).First;
    [NoGC, Clean] static void DefaultStruct() => Sink.Number = default(Pair).Second;
    [NoGC, Clean] static void StructInitializer() { var pair = new Pair { First = 1, Second = 2 }; Sink.Number = pair.First; }
    [NoGC, Clean] static void ParameterlessStruct() => Sink.Number = new Pair().First;
    [NoGC, Clean] static void NullReference() => s_node = null;
    [NoGC, Clean] static void DefaultClass() => Sink.Object = default(Node);
    [NoGC, Clean] static void ReadField() => Sink.Number = s_node?.Value ?? 3;
    [NoGC, Clean] static void ChangeField() => Given.Circle.Radius = 4;
    [NoGC, Clean] static void NotMade() { Node? node = null; Sink.Object = node; }
    [NoGC, Clean] static void NewDecimal() => Sink.Flag = new decimal(5) > 3m;
    [NoGC, Clean] static void NewGuid() => Sink.Flag = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) == default;
    [NoGC, Clean] static void NewTimeSpan() => Sink.Long = new TimeSpan(1, 2, 3).Ticks;
    [NoGC, Clean] static void NewDate() => Sink.Number = new DateTime(2020, 1, 2).Day;
    [NoGC, Clean] static void NewIndex() => Sink.Number = new Index(2, fromEnd: true).Value;
    [NoGC, Clean] static void NewNullable() => Sink.Flag = new int?(3).HasValue;
    [NoGC, Clean] static void NewSpan() => Sink.Number = new Span<int>(Given.Numbers).Length;
    [NoGC, Clean] static void NewPair() => Sink.Number = new KeyValuePair<int, int>(1, 2).Key;

    [NoGC] static void Keep(object value) => Sink.Object = value;
}

static class Arrays
{
    static int s_size = 4;

    [NoGC, Allocates("ATL2002")] static void NewArray() => Sink.Array = new int[4];
    [NoGC, Allocates("ATL2002")] static void VariableSize() => Sink.Array = new int[s_size];
    [NoGC, Allocates("ATL2002")] static void Initialised() => Sink.Array = new[] { 1, 2, 3 };
    [NoGC, Allocates("ATL2002")] static void BraceOnly() { int[] numbers = { 1, 2, 3 }; Sink.Array = numbers; }
    [NoGC, Allocates("ATL2002")] static void Expression() { int[] numbers = [1, 2, 3]; Sink.Array = numbers; }
    [NoGC, Allocates("ATL2002")] static void Rectangular() => Sink.Array = new int[2, 3];
    [NoGC, Allocates("ATL2002")] static void Jagged() => Sink.Array = new int[2][];
    [NoGC, Allocates("ATL2002")] static void OfReferences() => Sink.Array = new string[2];
    [NoGC, Allocates("ATL2002")] static void OfStructs() => Sink.Array = new Square[2];
    [NoGC, Allocates("ATL2002")] static void EmptyButNew() => Sink.Array = new int[0];
    [NoGC, Allocates("ATL2002")] static void RangeOfArray() => Sink.Array = Given.Numbers[1..3];
    [NoGC, Allocates("ATL2002")] static void RangeToEnd() => Sink.Array = Given.Numbers[1..];
    [NoGC, Allocates("ATL2002")] static void RangeInVariable() { Range range = 1..2; Sink.Array = Given.Numbers[range]; }
    [NoGC, Allocates("ATL2002")] static void SliceByPattern() { if (Given.Numbers is [_, .. var rest]) { Sink.Array = rest; } }
    [NoGC, Allocates("ATL2002")] static void Spread() { int[] all = [.. Given.Numbers, 9]; Sink.Array = all; }
    [NoGC, Allocates("ATL2002")] static void ParamsArray() => Sink.Number = Sum(1, 2, 3);
    [NoGC, Allocates("ATL2002")] static void ParamsSingle() => Sink.Number = Sum(1);
    [NoGC, Allocates("ATL2002")] static void ToSpan() { Span<int> span = new int[3]; Sink.Number = span.Length; }
    [NoGC, Allocates("ATL2002")] static void ToReadOnlySpanOfVariables() { ReadOnlySpan<int> span = new[] { s_size, 2 }; Sink.Number = span[0]; }
    [NoGC, Allocates("ATL2002")] static void ReferencesToSpan() { ReadOnlySpan<string> span = new[] { "a", "b" }; Sink.Text = span[0]; }
    [NoGC, Allocates("ATL2007")] static void Cloned() => Sink.Object = Given.Numbers.Clone();
    [NoGC, Allocates("ATL2007")] static void CopiedBySpan() => Sink.Array = Given.Numbers.AsSpan().ToArray();
    [NoGC, Allocates("ATL2007")] static void Resized() { int[] numbers = Given.Numbers; Array.Resize(ref numbers, 9); Sink.Array = numbers; }
    [NoGC, Allocates("ATL2007")] static void Uninitialised() => Sink.Array = GC.AllocateUninitializedArray<byte>(3000);

    [NoGC, Clean] static void ParamsNone() => Sink.Number = Sum();
    [NoGC, Clean] static void ParamsGiven() => Sink.Number = Sum(Given.Numbers);
    [NoGC, Clean] static void ParamsSpan() => Sink.Number = SumSpan(1, 2, 3);
    [NoGC, Clean] static void EmptyExpression() { int[] none = []; Sink.Array = none; }
    [NoGC, Clean] static void EmptyShared() => Sink.Array = Array.Empty<int>();
    [NoGC, Clean] static void Element() => Sink.Number = Given.Numbers[2];
    [NoGC, Clean] static void ElementFromEnd() => Sink.Number = Given.Numbers[^1];
    [NoGC, Clean] static void Written() => Given.Numbers[0] = 5;
    [NoGC, Clean] static void Incremented() => Given.Numbers[0]++;
    [NoGC, Clean] static void Length() => Sink.Number = Given.Numbers.Length;
    [NoGC, Clean] static void Constants() { ReadOnlySpan<int> data = new[] { 1, 2, 3 }; Sink.Number = data[1]; }
    [NoGC, Clean] static void ConstantBytes() { ReadOnlySpan<byte> data = new byte[] { 1, 2, 3 }; Sink.Number = data[1]; }
    [NoGC, Clean] static void SpanExpression() { Span<int> numbers = [1, 2, s_size]; Sink.Number = numbers[2]; }
    [NoGC, Clean] static void ReadOnlyExpression() { ReadOnlySpan<int> numbers = [1, 2, s_size]; Sink.Number = numbers[2]; }
    [NoGC, Clean] static void StringSpan() { ReadOnlySpan<string> words = ["a", "b"]; Sink.Text = words[0]; }
    [NoGC, Clean] static void Sliced() => Sink.Number = Given.Numbers.AsSpan(1, 2).Length;
    [NoGC, Clean] static void SlicedByRange() => Sink.Number = Given.Numbers.AsSpan()[1..3].Length;
    [NoGC, Clean] static void DiscardedSlice() => Sink.Flag = Given.Numbers is [5, ..];
    [NoGC, Clean] static void Copied() => Given.Numbers.AsSpan().CopyTo(Given.Numbers);
    [NoGC, Clean] static void Filled() => Given.Bytes.AsSpan().Fill(3);
    [NoGC, Clean] static void Cleared() => Array.Clear(Given.Bytes);
    [NoGC, Clean] static void SegmentOf() => Sink.Number = new ArraySegment<int>(Given.Numbers, 1, 2).Count;
    [NoGC, Clean] static void RefElement() { ref int first = ref Given.Numbers[0]; first = 5; }
    [NoGC, Clean] static void Searched() => Sink.Number = Array.IndexOf(Given.Numbers, 8);
    [NoGC, Clean] static void Reversed() { Array.Reverse(Given.Bytes); }

    [NoGC] static int Sum(params int[] numbers) { int sum = 0; foreach (int number in numbers) { sum += number; } return sum; }

    [NoGC] static int SumSpan(params ReadOnlySpan<int> numbers) { int sum = 0; foreach (int number in numbers) { sum += number; } return sum; }
}
