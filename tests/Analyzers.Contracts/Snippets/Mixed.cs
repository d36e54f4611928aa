using System;
using System.Collections.Generic;
using Atoll;

namespace Snippets;

/// <summary>Several features in one place, as code has them.</summary>
static class Mixed
{
    ref struct Meter(Span<int> cells) : IDisposable
    {
        private readonly Span<int> _cells = cells;

        public int Total { get => field; private set => field = value < 0 ? 0 : value; }

        public void Add(params ReadOnlySpan<int> steps) { foreach (int step in steps) { _cells[0] += step; Total += step; } }

        public readonly void Dispose() => Sink.Number = Total;
    }

    sealed class Cache(int size)
    {
        private readonly Spot[] _spots = new Spot[size];

        public ref Spot this[Index index] => ref _spots[index];
    }

    static readonly Cache s_cache = new(4);
    static Spot s_spot = new(1, 2);

    [NoGC, Clean] static void MeterOverStack() { using var meter = new Meter(stackalloc int[2]); meter.Add(1, Given.Number, 3); }
    [NoGC, Clean] static void CollectionThenPattern() { ReadOnlySpan<int> three = [1, Given.Number, 3]; Sink.Number = three is [1, var middle, ..] ? middle : 0; }
    [NoGC, Clean] static void InlineThenSlice() { Four four = default; four[1] = 7; foreach (ref readonly int one in four[1..3]) { Sink.Number += one; } }
    [NoGC, Clean] static void RecordThroughRefIndexer() { s_cache[^1] = s_cache[0] with { X = 3 }; Sink.Flag = s_cache[^1] is (3, _); }
    [NoGC, Clean] static void TupleSwitchOfRecords() => Sink.Number = (s_spot, Given.Shape) switch { ({ X: 1 }, Circle { Radius: > 1 } circle) => circle.Radius, ((2, _), _) => 2, _ => 3 };
    [NoGC, Clean] static void ExtensionInLoop() { foreach (int number in Given.Numbers.AsSpan()) { if (number == Given.Numbers.Last) { Sink.Number += int.Seven; } } }
    [NoGC, Clean] static void LocalFunctionOverStack() { Span<int> cells = stackalloc int[3]; Sink.Number = Fill(cells); static int Fill(Span<int> cells) { foreach (ref int cell in cells) { cell = 2; } return cells is [2, .., 2] ? 1 : 0; } }
    [NoGC, Clean] static void ThrowInConditionalPattern() => Sink.Number = Given.Boxed is int n and > 0 ? n : throw new InvalidOperationException($"no {Given.Boxed}");
    [NoGC, Clean] static void HandlerInUsing() { using var meter = new Meter(stackalloc int[1]); Log($"n {meter.Total} of {Given.Number}"); }

    [NoGC, Allocates("ATL2002")] static void CollectionInSwitch() => Sink.Array = Given.Color switch { Color.Green => (int[])[Given.Number, 2], _ => Given.Numbers };
    [NoGC, Allocates("ATL2004")] static void CaptureInLoopInUsing() { using var meter = new Meter(stackalloc int[1]); foreach (int number in Given.Numbers) { Func<int> get = () => number; Sink.Delegate = get; } }
    [NoGC, Allocates("ATL2003")] static void BoxedRecordInTuple() { (object Any, int Count) pair = (s_spot with { Y = 4 }, 1); Sink.Object = pair.Any; }
    [NoGC, Allocates("ATL2005", "ATL2007")] static void TextInPattern() => Sink.Flag = $"{Given.Number}" is ['1', .. var rest] && rest.Length > 2;
    [NoGC, Allocates("ATL2002")] static void SpreadOfSpan() => Sink.Array = (int[])[.. Given.Numbers.AsSpan(1), 4];
    [NoGC, Allocates("ATL2001", "ATL2007")] static void ListInsideRecordWith() => Sink.Object = new List<Spot> { s_spot with { X = 1 } };

    [NoGC, NotKnown] static void DelegateInPattern() => Sink.Flag = Given.Twice(2) is > 3 and < 5;
    [NoGC, NotKnown] static void ConstraintOverRefStruct() => Sink.Number = AreaOf(new Disc(3));

    [NoGC] static void Log(Line line) => Sink.Number = line.Count;

    static int AreaOf<T>(T shape) where T : IShape, allows ref struct => shape.Area();

    readonly ref struct Disc(int radius) : IShape
    {
        public int Area() => 3 * radius * radius;
    }
}
