using System;
using System.Collections.Generic;
using System.Linq.Expressions;
using System.Threading;
using Atoll;

namespace Snippets;

static class Delegates
{
    static event Action? Changed;

    static int s_value;
    static readonly Action s_kept = Quiet;
    static readonly Host s_host = new();

    [NoGC, Clean] static void StaticLambda() => Sink.Delegate = static () => { };
    [NoGC, Clean] static void NotCapturing() => Sink.Delegate = () => s_value++;
    [NoGC, Clean] static void NotCapturingWithParameter() { Func<int, int> twice = value => value * 2; Sink.Delegate = twice; }
    [NoGC, Clean] static void StaticGroup() { Action action = Quiet; Sink.Delegate = action; }
    [NoGC, Clean] static void StaticLocalGroup() { Action action = Local; Sink.Delegate = action; static void Local() { } }
    [NoGC, Clean] static void KeptInField() => Sink.Delegate = s_kept;
    [NoGC, Clean] static void CapturesConstant() { const int Two = 2; Func<int> two = () => Two; Sink.Delegate = two; }
    [NoGC, Clean] static void CapturesNameOnly() { int local = 3; Func<string> name = () => nameof(local); Sink.Delegate = name; Sink.Number = local; }
    [NoGC, Clean] static void NestedNotCapturing() { Func<Func<int>> outer = static () => static () => 3; Sink.Delegate = outer; }
    [NoGC, Clean] static void AnonymousMethod() { Action action = delegate { }; Sink.Delegate = action; }
    [NoGC, Clean] static void ComparedDelegates() => Sink.Flag = s_kept == Changed;
    [NoGC, Clean] static void LocalFunctionCapturesByReference() { int local = 3; Add(); Sink.Number = local; void Add() => local++; }
    [NoGC, Clean] static void GenericNotCapturing() => Generic<int>();
    [NoGC, Clean] static void NullDelegate() => Sink.Delegate = null;
    [NoGC, Clean] static unsafe void FunctionPointerMade() { delegate*<void> pointer = &Quiet; Sink.Flag = pointer is not null; }

    [NoGC, Allocates("ATL2004")] static void CapturesLocal() { int local = Given.Number; Func<int> get = () => local; Sink.Delegate = get; }
    [NoGC, Allocates("ATL2004")] static void CapturesTwo() { int a = 1, b = Given.Number; Func<int> get = () => a + b; Sink.Delegate = get; }
    [NoGC, Allocates("ATL2004")] static void CapturesInLoop() { for (int i = 0; i < 2; i++) { int copy = i; Sink.Delegate = () => s_value = copy; } }
    [NoGC, Allocates("ATL2007")] static void CapturesThis() => s_host.Capture();
    [NoGC, Allocates("ATL2007")] static void CapturesThisImplicitly() => s_host.CaptureField();
    [NoGC, Allocates("ATL2004")] static void InstanceGroup() { Func<int> eyes = Given.Animal.Eyes; Sink.Delegate = eyes; }
    [NoGC, Allocates("ATL2004")] static void VirtualGroup() { Func<int> legs = Given.Animal.Legs; Sink.Delegate = legs; }
    [NoGC, Allocates("ATL2004")] static void InterfaceGroup() { Func<int> area = Given.Shape.Area; Sink.Delegate = area; }
    [NoGC, Allocates("ATL2004")] static void ExtensionGroup() { Func<int> count = Given.List.Twofold; Sink.Delegate = count; }
    [NoGC, Allocates("ATL2004")] static void ExplicitNew() { Sink.Delegate = new Action(s_host.Do); }
    [NoGC, Allocates("ATL2004")] static void FromDelegate() { Sink.Delegate = new Action(s_kept); }
    [NoGC, Allocates("ATL2004")] static void Combined() => Sink.Delegate = s_kept + s_kept;
    [NoGC, Allocates("ATL2004")] static void CombinedByAssignment() { Action all = s_kept; all += s_kept; Sink.Delegate = all; }
    [NoGC, Allocates("ATL2007")] static void Subscribed() { Changed = s_kept; Changed += s_kept; Changed = null; }
    [NoGC, Allocates("ATL2001")] static void Tree() { int local = 3; Expression<Func<int>> tree = () => local; Sink.Object = tree; }
    [NoGC, Allocates("ATL2004")] static void CapturesInNested() { int local = Given.Number; Func<Func<int>> get = () => () => local; Sink.Delegate = get; }
    [NoGC, Allocates("ATL2004")] static void CapturesByLocalFunction() { int local = Given.Number; Func<int> get = Read; Sink.Delegate = get; int Read() => local; }
    [NoGC, Allocates("ATL2004")] static void CapturesThroughLocalFunction() { int local = Given.Number; Func<int> get = () => Read(); Sink.Delegate = get; int Read() => local; }
    [NoGC, Allocates("ATL2004")] static void CapturesForeach() { foreach (int number in Given.Numbers) { Func<int> get = () => number; Sink.Delegate = get; } }
    [NoGC, Allocates("ATL2004")] static void CapturesPattern() { if (Given.Boxed is int number) { Func<int> get = () => number; Sink.Delegate = get; } }
    [NoGC, Allocates("ATL2007")] static void CapturesParameter() => Hold(5);
    [NoGC, Allocates("ATL2004", "ATL2901")] static void RemoveAll() { int limit = Given.Number; Given.List.RemoveAll(value => value > limit); }

    [NoGC, NotKnown] static void Invoked() => Sink.Number = Given.Twice(4);
    [NoGC, NotKnown] static void InvokedByName() => Sink.Number = Given.Twice.Invoke(4);
    [NoGC, NotKnown] static void Raised() => Changed?.Invoke();
    [NoGC, NotKnown] static void HandedOver() => Given.List.ForEach(static value => s_value = value);
    [NoGC, NotKnown] static void Sorted() => Given.List.Sort(static (a, b) => a - b);
    [NoGC, NotKnown] static unsafe void CalledByPointer() { delegate*<void> pointer = &Quiet; pointer(); }
    [NoGC, NotKnown] static void InvokedLambda() { Func<int> get = static () => 3; Sink.Number = get(); }

    static void Hold(int value) { Func<int> get = () => value; Sink.Delegate = get; }

    [NoGC] static void Generic<T>() => Sink.Delegate = static () => typeof(T).IsValueType;

    [NoGC] static void Quiet() { }

    [NoGC] static int Twofold(this List<int> list) => list.Count * 2;

    sealed class Host
    {
        private int _field;

        public void Capture() { Action action = () => Do(); Sink.Delegate = action; }

        public void CaptureField() { Func<int> get = () => _field; Sink.Delegate = get; }

        public void Do() => _field++;
    }
}
