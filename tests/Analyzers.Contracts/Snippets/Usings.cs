using System;
using Atoll;

namespace Snippets;

static class Usings
{
    struct Scope : IDisposable
    {
        public int Depth;

        public void Dispose() => Sink.Number = Depth;
    }

    ref struct Span : IDisposable
    {
        public readonly void Dispose() => Sink.Number++;
    }

    ref struct Shaped
    {
        public readonly void Dispose() => Sink.Number++;
    }

    sealed class Resource : IDisposable
    {
        public void Dispose() => Sink.Number++;
    }

    sealed class Noisy : IDisposable
    {
        public void Dispose() => Sink.Object = new object();
    }

    static readonly Resource s_resource = new();
    static readonly Noisy s_noisy = new();
    static readonly IDisposable s_any = s_resource;

    [NoGC, Clean] static void Statement() { using (new Scope { Depth = 1 }) { Sink.Number++; } }
    [NoGC, Clean] static void Declaration() { using var scope = new Scope { Depth = 2 }; Sink.Number++; }
    [NoGC, Clean] static void RefStruct() { using Span span = default; Sink.Number++; }
    [NoGC, Clean] static void ByShape() { using Shaped shaped = default; Sink.Number++; }
    [NoGC, Clean] static void OfClass() { using (s_resource) { Sink.Number++; } }
    [NoGC, Clean] static void OfNull() { Resource? none = null; using (none) { Sink.Number++; } }
    [NoGC, Allocates("ATL2007")] static void NoisyOne() { using (s_noisy) { Sink.Number++; } }
    [NoGC, Allocates("ATL2001")] static void NewClass() { using var resource = new Resource(); Sink.Number++; }
    [NoGC, NotKnown] static void Interface() { using (s_any) { Sink.Number++; } }
    [NoGC, Allocates("ATL2003", "ATL2901")] static void BoxedScope() { using IDisposable scope = new Scope(); Sink.Number++; }
}
