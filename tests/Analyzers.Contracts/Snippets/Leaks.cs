using System;
using System.IO;
using System.Threading;
using Atoll;

namespace Snippets;

static class Leaks
{
    static IDisposable? s_kept;

    [NoRecursion, Reports("ATL2501")] static void Forgotten() { var source = new Resource2(); source.Use(); }
    [NoRecursion, Reports("ATL2501")] static void ForgottenField() { var source = new Resource2(); Sink.Number = source.Value; }
    [NoRecursion, Reports("ATL2501")] static void MadeAndDropped() => new Resource2();
    [NoRecursion, Reports("ATL2501")] static void OnlyCompared() { var source = new Resource2(); Sink.Flag = source is null; }
    [NoRecursion, Reports("ATL2501")] static void Structure() { var scope = new Scope2(); scope.Use(); }
    [NoRecursion, Reports()] static void InUsing() { using var source = new Resource2(); source.Use(); }
    [NoRecursion, Reports()] static void InStatement() { using (var source = new Resource2()) { source.Use(); } }
    [NoRecursion, Reports()] static void Disposed() { var source = new Resource2(); source.Use(); source.Dispose(); }
    [NoRecursion, Reports()] static void DisposedConditionally() { Resource2? source = new Resource2(); source?.Dispose(); }
    [NoRecursion, Reports()] static void Kept() { var source = new Resource2(); s_kept = source; }
    [NoRecursion, Reports()] static void HandedOn() { var source = new Resource2(); Take(source); }
    [NoRecursion, Reports()] static void Returned() { Make(); static Resource2 Make() { var source = new Resource2(); return source; } }
    [NoRecursion, Reports()] static void NotAResource() { var node = new object(); Sink.Object = node; }
    static void NoContract() { var source = new Resource2(); source.Use(); }

    static void Take(IDisposable source) => s_kept = source;

    sealed class Resource2 : IDisposable
    {
        public int Value;

        public void Use() => Value++;

        public void Dispose() => Value = 0;
    }

    struct Scope2 : IDisposable
    {
        private int _uses;

        public void Use() => _uses++;

        public readonly void Dispose() => Sink.Number = _uses;
    }
}
