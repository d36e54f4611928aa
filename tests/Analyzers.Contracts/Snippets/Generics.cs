using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using Atoll;

namespace Snippets;

interface IMeasured
{
    [NoGC] int Measure();

    int Other();
}

interface IMade<TSelf> where TSelf : IMade<TSelf>
{
    static abstract int Size { get; }

    static virtual int Twice => TSelf.Size * 2;

    [NoGC] static abstract int Promised { get; }
}

interface IDefaulted
{
    int Base();

    int Plus() => Base() + 1;
}

struct Small : IMade<Small>, IDefaulted, IMeasured
{
    public static int Size => 4;

    public static int Promised => 5;

    public readonly int Base() => 3;

    public readonly int Measure() => 7;

    public readonly int Other() => 8;
}

sealed class Own : IDefaulted
{
    public int Base() => 3;

    public int Plus() => 4;
}

static class Generics
{
    static readonly IMeasured s_measured = new Small();
    static readonly IDefaulted s_defaulted = new Own();
    static readonly Own s_own = new();
    static Small s_small;

    [NoGC, Clean] static void Concrete() => Sink.Number = s_small.Base();
    [NoGC, Clean] static void PromisedByInterface() => Sink.Number = s_measured.Measure();
    [NoGC, Clean] static void PromisedByConstraint() => Sink.Number = Measure(s_small);
    [NoGC, Clean] static void PromisedStatic() => Sink.Number = Promised<Small>();
    [NoGC, Clean] static void StaticByName() => Sink.Number = Small.Size;
    [NoGC, Clean] static void SizeOf() => Sink.Number = Unsafe.SizeOf<Small>();
    [NoGC, Clean] static void DefaultOf() => Sink.Flag = Default<int>() == 0;
    [NoGC, Clean] static void SealedThroughClass() => Sink.Number = s_own.Plus();
    [NoGC, Clean] static void TypeOf() => Sink.Flag = IsInt<int>();
    [NoGC, NotKnown] static void NotPromised() => Sink.Number = s_measured.Other();
    [NoGC, NotKnown] static void ByConstraint() => Sink.Number = Base(s_small);
    [NoGC, NotKnown] static void StaticAbstract() => Sink.Number = Size<Small>();
    [NoGC, NotKnown] static void StaticVirtual() => Sink.Number = Twice<Small>();
    [NoGC, NotKnown] static void DefaultMethod() => Sink.Number = s_defaulted.Plus();
    [NoGC, NotKnown] static void NewOfParameter() => Sink.Object = Make<object>();
    [NoGC, NotKnown] static void Arithmetic() => Sink.Number = Add(1, 2);
    [NoGC, NotKnown] static void Compared() => Sink.Flag = EqualityComparer<Small>.Default.Equals(s_small, s_small);
    [NoGC, Allocates("ATL2007")] static void NewOfClass() => Sink.Object = MakeClass<Own>();

    static int Measure<T>(T value) where T : IMeasured => value.Measure();

    static int Promised<T>() where T : IMade<T> => T.Promised;

    static int Base<T>(T value) where T : IDefaulted => value.Base();

    static int Size<T>() where T : IMade<T> => T.Size;

    static int Twice<T>() where T : IMade<T> => T.Twice;

    static T? Default<T>() => default;

    static bool IsInt<T>() => typeof(T) == typeof(int);

    static T Make<T>() where T : new() => new();

    static object MakeClass<T>() where T : class, new() => new T();

    static T Add<T>(T a, T b) where T : INumber<T> => a + b;
}
