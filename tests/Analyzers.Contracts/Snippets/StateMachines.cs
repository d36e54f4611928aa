using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Atoll;

namespace Snippets;

static class StateMachines
{
    static readonly Task s_done = Task.CompletedTask;
    static readonly IAsyncEnumerable<int> s_stream = Stream();

    [NoGC, Allocates("ATL2007")] static void Iterator() => Sink.Object = Count();
    [NoGC, Allocates("ATL2007")] static void IteratorOfEnumerator() => Sink.Object = Walk();
    [NoGC, Allocates("ATL2006")] static void LocalIterator() { Sink.Object = Local(); static IEnumerable<int> Local() { yield return 1; } }
    [NoGC, NotKnown] static void Async() => Sink.Object = Later();
    [NoGC, NotKnown] static void AsyncDone() => Sink.Object = Now();
    [NoGC, NotKnown] static void AsyncValue() => Sink.Flag = Value().IsCompleted;
    [NoGC, NotKnown] static async void AsyncVoid() { await s_done; }
    [NoGC, NotKnown] static async void AwaitsNothing() => Sink.Number++;
    [NoGC, Clean] static void Given1() => Sink.Object = s_done;
    [NoGC, Clean] static void CompletedTask() => Sink.Object = Task.CompletedTask;
    [NoGC, NotKnown] static void CompletedValue() => Sink.Flag = new ValueTask<int>(3).IsCompleted;
    [NoGC, NotKnown] static void DefaultValueTask() => Sink.Flag = default(ValueTask).IsCompleted;

    [NoGC, NotKnown] static async void AwaitUsing() { await using var scope = new Scope(); Sink.Number++; }
    [NoGC, NotKnown] static async void AwaitForeach() { await foreach (int number in s_stream) { Sink.Number += number; } }
    [NoGC, Allocates("ATL2007")] static void AsyncIterator() => Sink.Object = Stream();

    readonly struct Scope : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => default;
    }

    static async IAsyncEnumerable<int> Stream() { yield return 1; await s_done; }

    static IEnumerable<int> Count() { yield return 1; yield return 2; }

    static IEnumerator<int> Walk() { yield return 1; }

    static async Task<long> Later() { await Task.Yield(); return 5_000_000; }

    static async Task Now() => await s_done;

    static async ValueTask<int> Value() { await s_done; return 3; }
}
