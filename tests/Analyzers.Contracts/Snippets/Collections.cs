using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Atoll;

namespace Snippets;

static class Collections
{
    static readonly Queue<int> s_queue = new(64);
    static readonly Stack<int> s_stack = new(64);
    static readonly List<string> s_words = ["a", "b"];
    static readonly ImmutableArray<int> s_fixed = [1, 2, 3];
    static readonly LinkedList<int> s_linked = new([1, 2]);
    static readonly Dictionary<Key, int> s_byKey = new() { [new Key(1)] = 1 };
    static readonly Dictionary<Odd, int> s_byOdd = new(new OddComparer()) { [new Odd(1)] = 1 };
    static readonly Dictionary<Guid, int> s_byGuid = new() { [Guid.Empty] = 1 };
    static readonly Bag s_bag = new();
    static readonly IEnumerable<int> s_lazy = Given.Numbers.Where(static number => number > 2);

    readonly record struct Key(int Value);

    readonly struct Odd(int value)
    {
        public readonly int Value = value;
    }

    sealed class OddComparer : IEqualityComparer<Odd>
    {
        public bool Equals(Odd x, Odd y) => x.Value == y.Value;

        public int GetHashCode(Odd obj) => new object().GetHashCode() * 0;
    }

    [NoGC, Allocates("ATL2001")] static void ListExpression() { List<int> list = [1, 2]; Sink.Object = list; }
    [NoGC, Allocates("ATL2001")] static void EmptyList() { List<int> list = []; Sink.Object = list; }
    [NoGC, Allocates("ATL2001")] static void InterfaceExpression() { IEnumerable<int> list = [1, 2]; Sink.Object = list; }
    [NoGC, Allocates("ATL2001")] static void MutableInterface() { IList<int> list = []; Sink.Object = list; }
    [NoGC, Allocates("ATL2001")] static void SetExpression() { HashSet<int> set = [1]; Sink.Object = set; }
    [NoGC, Allocates("ATL2001", "ATL2901")] static void Initializer() => Sink.Object = new Dictionary<int, int> { [1] = 2 };
    [NoGC, Clean] static void EmptyInterface() { IEnumerable<int> list = []; Sink.Object = list; }
    [NoGC, Clean] static void EmptyReadOnly() { IReadOnlyList<int> list = []; Sink.Object = list; }

    [NoGC, Clean] static void ListIndex() => Sink.Number = Given.List[1];
    [NoGC, Clean] static void ListFromEnd() => Sink.Number = Given.List[^1];
    [NoGC, Clean] static void ListWritten() => Given.List[1] = 3;
    [NoGC, Clean] static void ListCount() => Sink.Number = Given.List.Count;
    [NoGC, Clean] static void ListContains() => Sink.Flag = Given.List.Contains(8);
    [NoGC, Clean] static void ListIndexOf() => Sink.Number = Given.List.IndexOf(8);
    [NoGC, Clean] static void ListOfWords() => Sink.Flag = s_words.Contains("b");
    [NoGC, Clean] static void LookedUp() => Sink.Flag = Given.Names.TryGetValue(2, out Sink.Text);
    [NoGC, Clean] static void LookedUpByIndexer() => Sink.Text = Given.Names[2];
    [NoGC, Clean] static void LookedUpByText() => Sink.Flag = Given.Counts.TryGetValue("one", out Sink.Number);
    [NoGC, Clean] static void ContainsKey() => Sink.Flag = Given.Names.ContainsKey(2);
    [NoGC, Clean] static void LookedUpByGuid() => Sink.Flag = s_byGuid.ContainsKey(Guid.Empty);
    [NoGC, Clean] static void InSet() => Sink.Flag = Given.Set.Contains(2);
    [NoGC, Clean] static void Peeked() => Sink.Flag = s_stack.TryPeek(out Sink.Number);
    [NoGC, Clean] static void QueueCount() => Sink.Number = s_queue.Count;
    [NoGC, Clean] static void FixedIndex() => Sink.Number = s_fixed[1];
    [NoGC, Clean] static void FixedLength() => Sink.Number = s_fixed.Length;
    [NoGC, Clean] static void FixedSpan() => Sink.Number = s_fixed.AsSpan().Length;

    [NoGC, NotKnown] static void LookedUpByOwnKey() => Sink.Flag = s_byKey.ContainsKey(new Key(1));
    [NoGC, NotKnown] static void LookedUpByComparer() => Sink.Flag = s_byOdd.ContainsKey(new Odd(1));
    [NoGC, FalseAlarm("ATL2007")] static void Added() { Given.List.Add(4); Given.List.RemoveAt(Given.List.Count - 1); }
    [NoGC, FalseAlarm("ATL2007")] static void Pushed() { s_stack.Push(3); Sink.Number = s_stack.Pop(); }

    [NoGC, Clean] static void ForeachArray() { foreach (int number in Given.Numbers) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachRectangular() { foreach (int number in Given4.Grid) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachList() { foreach (int number in Given.List) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachWords() { foreach (string word in s_words) { Sink.Text = word; } }
    [NoGC, Clean] static void ForeachSpan() { foreach (int number in Given.Numbers.AsSpan()) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachReadOnlySpan() { foreach (char letter in Given.Text.AsSpan()) { Sink.Number += letter; } }
    [NoGC, Clean] static void ForeachRef() { foreach (ref int number in Given.Numbers.AsSpan()) { number++; } }
    [NoGC, Clean] static void ForeachOwn() { foreach (int number in new Countdown(3)) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachFixed() { foreach (int number in s_fixed) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachDictionary() { foreach (KeyValuePair<int, string> pair in Given.Names) { Sink.Number += pair.Key; } }
    [NoGC, Clean] static void ForeachDeconstructed() { foreach ((int key, string value) in Given.Names) { Sink.Number += key; Sink.Text = value; } }
    [NoGC, Clean] static void ForeachSet() { foreach (int number in Given.Set) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachStackType() { foreach (int number in s_stack) { Sink.Number += number; } }
    [NoGC, Clean] static void ForeachExtension() { foreach (int number in 3) { Sink.Number += number; } }

    [NoGC, NotKnown] static void ForeachInterface() { foreach (int number in Given.Sequence) { Sink.Number += number; } }
    [NoGC, NotKnown] static void ForeachLazy() { foreach (int number in s_lazy) { Sink.Number += number; } }
    [NoGC, NotKnown] static void ForeachOld() { foreach (object number in (IEnumerable)Given.List) { Sink.Object = number; } }
    [NoGC, Allocates("ATL2007")] static void ForeachOwnClass() { foreach (int number in s_bag) { Sink.Number += number; } }
    [NoGC, Allocates("ATL2007")] static void ForeachIterator() { foreach (int number in Count(3)) { Sink.Number += number; } }

    [NoGC, Allocates("ATL2007")] static void Where() => Sink.Object = Given.Sequence.Where(static number => number > 2);
    [NoGC, Allocates("ATL2007")] static void Select() => Sink.Object = Given.Numbers.Select(static number => number + 1);
    [NoGC, Allocates("ATL2007")] static void Query() => Sink.Object = from number in Given.Numbers where number > 2 select number;
    [NoGC, NotKnown] static void Any() => Sink.Flag = Given.Sequence.Any();
    [NoGC, NotKnown] static void First() => Sink.Number = Given.Sequence.First();
    [NoGC, Allocates("ATL2007")] static void OrderBy() => Sink.Object = Given.Numbers.OrderBy(static number => number);
    [NoGC, Allocates("ATL2004", "ATL2007")] static void WhereCapturing() { int limit = Given.Number; Sink.Object = Given.Sequence.Where(number => number > limit); }

    static IEnumerable<int> Count(int to)
    {
        for (int number = 0; number < to; number++)
        {
            yield return number;
        }
    }

    readonly struct Countdown(int from)
    {
        public Walk GetEnumerator() => new(from);

        public struct Walk(int from)
        {
            private int _left = from;

            public readonly int Current => _left;

            public bool MoveNext() => _left-- > 0;
        }
    }

    sealed class Bag
    {
        public Walk GetEnumerator() => new();

        public sealed class Walk
        {
            private int _left = 3;

            public int Current => _left;

            public bool MoveNext() => _left-- > 0;
        }
    }

    static class Given4
    {
        public static readonly int[,] Grid = new int[2, 3];
    }
}

static class RangeWalk
{
    public static Steps GetEnumerator(this int to) => new(to);

    public struct Steps(int to)
    {
        private int _next = -1;

        public readonly int Current => _next;

        public bool MoveNext() => ++_next < to;
    }
}
