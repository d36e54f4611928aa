using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Atoll;

namespace Snippets;

record Person(string Name, int Age);

sealed record Point3(int X, int Y, int Z);

record struct Spot(int X, int Y);

readonly record struct Wild(object Value);

[InlineArray(4)]
struct Four
{
    private int _first;
}

static class Records
{
    static readonly Person s_person = new("a", 1);
    static readonly Person s_other = new("b", 1);
    static readonly Point3 s_point = new(1, 2, 3);
    static Spot s_spot = new(1, 2);
    static Wild s_wild = new("x");

    [NoGC, Allocates("ATL2001")] static void Made() => Sink.Object = new Person("a", 1);
    [NoGC, Allocates("ATL2001")] static void With() => Sink.Object = s_person with { Age = 2 };
    [NoGC, Allocates("ATL2001")] static void WithNothing() => Sink.Object = s_point with { };
    [NoGC, Allocates("ATL2007")] static void StructText() => Sink.Text = s_spot.ToString();
    [NoGC, NotKnown] static void ClassText() => Sink.Text = s_person.ToString();
    [NoGC, Allocates("ATL2007")] static void SealedText() => Sink.Text = s_point.ToString();
    [NoGC, Clean] static void StructMade() => s_spot = new Spot(3, 4);
    [NoGC, Clean] static void StructWith() => s_spot = s_spot with { X = 5 };
    [NoGC, Clean] static void StructEqual() => Sink.Flag = s_spot == new Spot(1, 2);
    [NoGC, Clean] static void StructEquals() => Sink.Flag = s_spot.Equals(new Spot(1, 2));
    [NoGC, Clean] static void StructHash() => Sink.Number = s_spot.GetHashCode();
    [NoGC, Clean] static void SealedEqual() => Sink.Flag = s_point == s_point;
    [NoGC, Clean] static void Deconstructed() { (int x, int y) = s_spot; Sink.Number = x + y; }
    [NoGC, Clean] static void ClassDeconstructed() { (string name, int age) = s_person; Sink.Text = name; Sink.Number = age; }
    [NoGC, Clean] static void Property() => Sink.Number = s_person.Age;
    [NoGC, NotKnown] static void WildEqual() => Sink.Flag = s_wild == s_wild;
    [NoGC, NotKnown] static void OpenEqual() => Sink.Flag = s_person == s_other;
}

static class Tuples
{
    static (int A, string B) s_pair = (1, "x");

    [NoGC, Clean] static void Literal() => s_pair = (2, "y");
    [NoGC, Clean] static void Swapped() { int a = 1, b = 2; (a, b) = (b, a); Sink.Number = a; }
    [NoGC, Clean] static void Compared() => Sink.Flag = s_pair == (1, "x");
    [NoGC, Clean] static void ComparedNested() => Sink.Flag = ((1, 2), 3) != ((1, 2), Given.Number);
    [NoGC, Clean] static void Deconstructed() { (int a, string b) = s_pair; Sink.Number = a; Sink.Text = b; }
    [NoGC, Clean] static void Returned() => Sink.Number = Two().Item1;
    [NoGC, Clean] static void Switched() => Sink.Number = (Given.Number, Given.Color) switch { (1, _) => 1, (_, Color.Red) => 2, _ => 3 };
    [NoGC, Clean] static void Large() { (int, int, int, int, int, int, int, int, int) all = (1, 2, 3, 4, 5, 6, 7, 8, 9); Sink.Number = all.Item9; }
    [NoGC, Allocates("ATL2001")] static void ReferenceTuple() => Sink.Object = new Tuple<int, int>(1, 2);
    [NoGC, Allocates("ATL2007")] static void Created() => Sink.Object = Tuple.Create(1, 2);

    static (int, int) Two() => (1, 2);
}

static class Patterns
{
    [NoGC, Clean] static void Property() => Sink.Flag = Given.Circle is { Radius: > 2 };
    [NoGC, Clean] static void Type() => Sink.Flag = Given.Shape is Circle;
    [NoGC, Clean] static void Declared() { if (Given.Shape is Circle circle) { Sink.Number = circle.Radius; } }
    [NoGC, Clean] static void Relational() => Sink.Number = Given.Number switch { < 0 => -1, 0 => 0, > 0 => 1 };
    [NoGC, Clean] static void Combined() => Sink.Flag = Given.Number is > 0 and not 5 or -1;
    [NoGC, Clean] static void List() => Sink.Flag = Given.Numbers is [5, _, .., 1];
    [NoGC, Clean] static void ListOfList() => Sink.Flag = Given.List is [5, .., _];
    [NoGC, Clean] static void Slice() { if (Given.Text.AsSpan() is ['x', .. var rest]) { Sink.Number = rest.Length; } }
    [NoGC, Clean] static void Positional() => Sink.Flag = new Spot(1, 2) is (1, _);
    [NoGC, Clean] static void Guarded() => Sink.Number = Given.Boxed switch { int n when n > 5 => n, int => 1, _ => 0 };
    [NoGC, Clean] static void Var() { if (Given.Number + 1 is var next && next > 0) { Sink.Number = next; } }
    [NoGC, Clean] static void NotNull() => Sink.Flag = Given.Text is not null;
    [NoGC, Clean] static void Statement() { switch (Given.Boxed) { case string text: Sink.Text = text; break; case int number: Sink.Number = number; break; } }
    [NoGC, Allocates("ATL2007")] static void SliceOfText() { if (Given.Text is ['x', .. var rest]) { Sink.Text = rest; } }
    [NoGC, Clean] static void OwnDeconstruct() => Sink.Flag = new Square(2) is (2, 4);

    static void Deconstruct(this Square square, out int side, out int area) => (side, area) = (square.Side, square.Area());
}

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

static class StateMachines
{
    static readonly Task s_done = Task.CompletedTask;

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

    static IEnumerable<int> Count() { yield return 1; yield return 2; }

    static IEnumerator<int> Walk() { yield return 1; }

    static async Task<long> Later() { await Task.Yield(); return 5_000_000; }

    static async Task Now() => await s_done;

    static async ValueTask<int> Value() { await s_done; return 3; }
}

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

static class Dispatching
{
    [NoGC, Clean] static void NotVirtual() => Sink.Number = Given.Animal.Eyes();
    [NoGC, Clean] static void Sealed() => Sink.Number = Given.Bird.Legs();
    [NoGC, Clean] static void SealedInterface() => Sink.Number = Given.Circle.Area();
    [NoGC, Clean] static void Structure() => Sink.Number = new Square(3).Area();
    [NoGC, NotKnown] static void Virtual() => Sink.Number = Given.Animal.Legs();
    [NoGC, NotKnown] static void Interface() => Sink.Number = Given.Shape.Area();
    [NoGC, NotKnown] static void ObjectEquals() => Sink.Flag = Given.Gate.Equals(Given.Boxed);
    [NoGC, NotKnown] static void ObjectHash() => Sink.Number = Given.Gate.GetHashCode();
    [NoGC, NotKnown] static void StaticEquals() => Sink.Flag = Equals(Given.Gate, Given.Boxed);
    [NoGC, Clean] static void ReferenceEqual() => Sink.Flag = ReferenceEquals(Given.Gate, Given.Boxed);
    [NoGC, Clean] static void BaseCall() => Sink.Number = new Derived2().Run(3);
    [NoGC, NotKnown] static void DynamicCall() { dynamic text = Given.Text; Sink.Object = text.Length; }

    readonly struct Derived2
    {
        public int Run(int by) => Step(by) + 1;

        private static int Step(int by) => by * 2;
    }
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
    [NoGC, NotKnown] static void InlineForeach() { Four four = default; foreach (int number in four) { Sink.Number += number; } }
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

static class Newer
{
    sealed class Account(int start)
    {
        public int Balance
        {
            get;
            set => field = value < 0 ? 0 : value;
        } = start;

        public int Start => start;

        public string Name
        {
            get => field ??= "none";
        }
    }

    struct Tally
    {
        public int Count;

        public void operator +=(int by) => Count += by;

        public void operator ++() => Count++;
    }

    static readonly Account s_account = new(5);
    static Account? s_none;
    static Tally s_tally;

    [NoGC, Clean] static void FieldKeyword() => s_account.Balance = 3;
    [NoGC, Clean] static void FieldRead() => Sink.Number = s_account.Balance;
    [NoGC, Clean] static void FieldLazily() => Sink.Text = s_account.Name;
    [NoGC, Clean] static void PrimaryParameter() => Sink.Number = s_account.Start;
    [NoGC, Clean] static void NullConditionalAssigned() => s_none?.Balance = 3;
    [NoGC, Clean] static void InstanceOperator() => s_tally += 2;
    [NoGC, Clean] static void InstanceIncrement() => s_tally++;
    [NoGC, Clean] static void ExtensionProperty() => Sink.Number = Given.Numbers.Last;
    [NoGC, Clean] static void ExtensionMethod() => Sink.Number = Given.Numbers.At(2);
    [NoGC, Clean] static void StaticExtension() => Sink.Number = int.Seven;
    [NoGC, Allocates("ATL2007")] static void ExtensionAllocates() => Sink.Array = Given.Numbers.Doubled;
    [NoGC, Clean] static void LambdaModifiers() { Parse parse = (text, out number) => int.TryParse(text, out number); Sink.Delegate = parse; }
    [NoGC, Clean] static void UnboundName() => Sink.Text = nameof(List<>);
    [NoGC, Clean] static void SpanConversion() => Sink.Number = Count(Given.Numbers);
    [NoGC, Clean] static void SpanReceiver() => Sink.Number = Given.Numbers.CountSpan();
    [NoGC, Clean] static void Escape() => Sink.Text = "\e[0m";
    [NoGC, NotKnown] static void ParamsSpanOfText() => Sink.Number = Lengths("a", Given.Text);
    [NoGC, Allocates("ATL2001")] static void ParamsList() => Sink.Number = Items(1, 2);
    [NoGC, Clean] static void PartialProperty() => Sink.Number = Halves.Value;

    delegate bool Parse(string text, out int number);

    static int Count(ReadOnlySpan<int> numbers) => numbers.Length;

    static int CountSpan(this ReadOnlySpan<int> numbers) => numbers.Length;

    static int Lengths(params ReadOnlySpan<string> texts) { int sum = 0; foreach (string text in texts) { sum += text.Length; } return sum; }

    static int Items(params List<int> items) => items.Count;
}

static partial class Halves
{
    public static partial int Value { get; }
}

static partial class Halves
{
    public static partial int Value => 3;
}

static class ArrayExtensions
{
    extension(int[] numbers)
    {
        public int Last => numbers[^1];

        public int[] Doubled => [.. numbers, .. numbers];

        public int At(int index) => numbers[index];
    }

    extension(int)
    {
        public static int Seven => 7;
    }
}

static class Leaving
{
    [NoGC, Clean] static void ThrowNotTaken() { if (Given.Rarely) { throw new InvalidOperationException($"no {Given.Number}"); } Sink.Number++; }
    [NoGC, Clean] static void ThrowExpression() => Sink.Text = Given.Text ?? throw new ArgumentNullException(nameof(Given));
    [NoGC, Clean] static void ThrowWithText() { if (Given.Rarely) { string text = "a" + Given.Number; throw new InvalidOperationException(text); } }
    [NoGC, Clean] static void ThrowHelper() { if (Given.Rarely) { Fail(); } Sink.Number++; }
    [NoGC, Clean] static void ThrowHelperWithText() { if (Given.Rarely) { FailWith("a" + Given.Number); } Sink.Number++; }
    [NoGC, Clean] static void ThrowInSwitch() => Sink.Number = Given.Color switch { Color.Red => 1, Color.Green => 2, _ => throw new InvalidOperationException() };
    [NoGC, Clean] static void GuardedByBcl() => ArgumentNullException.ThrowIfNull(Given.Text);
    [NoGC, Clean] static void GuardedRange() => ArgumentOutOfRangeException.ThrowIfNegative(Given.Number);
    [NoGC, NotKnown] static void Caught() { try { Sink.Number++; } catch (InvalidOperationException) { Sink.Number = 0; } }
    [NoGC, Allocates("ATL2001", "ATL2901")] static void ThrownAndCaught() { try { throw new InvalidOperationException(); } catch (InvalidOperationException) { Sink.Number = 0; } }
    [NoGC, NotKnown] static void ThrownBelowAndCaught() { try { Fail(); } catch (InvalidOperationException) { Sink.Number = 0; } }
    [NoGC, Clean] static void Finally() { try { Sink.Number++; } finally { Sink.Number--; } }
    [NoGC, Clean] static void AssertLeftOut() => Debug.Assert(Given.Number > 0, "n" + Given.Number);
    [NoGC, Clean] static void OwnConditional() => Trace2("n" + Given.Number);
    [NoGC, Clean] static void PartialLeftOut() => Optional.Call();
    [NoGC, Clean] static void PatternOfNameof() => Sink.Flag = Given.Text == nameof(Given.Numbers);

    [Conditional("NEVER_DEFINED")] static void Trace2(string text) => Sink.Text = text;

    [DoesNotReturn] static void Fail() => throw new InvalidOperationException("a" + Given.Number);

    [DoesNotReturn] static void FailWith(string text) => throw new InvalidOperationException(text);
}

static partial class Optional
{
    static partial void Hook(object value);

    [NoGC] public static void Call() => Hook(Given.Number);
}

static class Transitive
{
    static readonly Transitive2 s_other = new();
    static object? s_cache;

    [NoGC, Allocates("ATL2007")] static void OneLevel() => Make();
    [NoGC, Allocates("ATL2007")] static void TwoLevels() => Deep();
    [NoGC, Allocates("ATL2007")] static void ThroughProperty() => Sink.Object = Fresh;
    [NoGC, Allocates("ATL2003", "ATL2007")] static void ThroughSetter() => Setting = 3;
    [NoGC, Allocates("ATL2007")] static void ThroughIndexer() => Sink.Object = s_other[3];
    [NoGC, Allocates("ATL2007")] static void ThroughOperator() => Sink.Object = s_other + 3;
    [NoGC, Allocates("ATL2007")] static void ThroughConversion() => Sink.Object = Converted(s_other);
    [NoGC, Allocates("ATL2007")] static void ThroughImplicit() { string text = s_other; Sink.Text = text; }
    [NoGC, Allocates("ATL2007")] static void ThroughEvent() => s_other.Happened += null;
    [NoGC, Allocates("ATL2007")] static void ThroughInitializer() => Sink.Number = new Initialised(3).Length;
    [NoGC, Allocates("ATL2007")] static void ThroughChain() => Sink.Object = new Chained(true).Value;
    [NoGC, Allocates("ATL2007")] static void ThroughExtension() => Sink.Object = 3.Boxed();
    [NoGC, Allocates("ATL2007")] static void ThroughLocal() { Inner(); static void Inner() => Make(); }
    [NoGC, Allocates("ATL2007")] static void ThroughCycle() => Ping(3);
    [NoGC, Allocates("ATL2007")] static void ThroughDeconstruct() { (object a, int b) = s_other; Sink.Object = a; Sink.Number = b; }
    [NoGC, Allocates("ATL2007")] static void ThroughTrueOperator() { if (s_other) { Sink.Number++; } }
    [NoGC, Allocates("ATL2007")] static void ThroughIncrement() { Transitive2 other = s_other; other++; Sink.Object = other; }
    [NoGC, Allocates("ATL2007")] static void ThroughCompound() { Transitive2 other = s_other; other -= 1; Sink.Object = other; }
    [NoGC, Allocates("ATL2007")] static void ThroughGenericHelper() => Sink.Object = Wrap<string>();
    [NoGC, Allocates("ATL2007")] static void ThroughForeachCurrent() { foreach (object value in new Loud()) { Sink.Object = value; } }
    [NoGC, Allocates("ATL2007")] static void ThroughUsingDispose() { using (new LoudScope()) { Sink.Number++; } }
    [NoGC, Clean] static void Promise() => Promised();
    [NoGC, Clean] static void LookedInto() => Quiet();
    [NoGC, Clean] static void LookedIntoDeep() => QuietDeep();
    [NoGC, Clean] static void Allowed() => Accepted();
    [NoGC, Clean] static void AllowedOnce() => Sink.Object = Cached();
    [NoGC, Clean] static void Automatic() => Sink.Number = s_other.Count;
    [NoGC, Clean] static void AutomaticSet() => s_other.Count = 4;
    [NoGC, Clean] static void QuietOperator() => Sink.Number = (int)new Amount(3) + (new Amount(1) + new Amount(2)).Value;
    [NoGC, Clean] static void QuietCycle() => Even(4);
    [NoGC, Clean] static void QuietStructChain() => Sink.Number = new Amount(3, 4).Value;

    static object Fresh => new();

    static object Setting { set => Sink.Object = new object(); }

    static void Make() => Sink.Object = new object();

    static void Deep() => Make();

    static object Converted(Transitive2 other) => (object[])other;

    static object Wrap<T>() => new List<T>();

    static void Ping(int n) { if (n > 0) { Pong(n - 1); } }

    static void Pong(int n) { Ping(n - 1); Sink.Object = new object(); }

    static bool Even(int n) => n == 0 || Odd(n - 1);

    static bool Odd(int n) => n != 0 && Even(n - 1);

    [NoGC] static void Promised() => Sink.Number++;

    static void Quiet() => Sink.Number++;

    static void QuietDeep() { Quiet(); for (int i = 0; i < 3; i++) { Quiet(); } }

    [AllowAlloc("nothing is made here, and it may be")] static void Accepted() => Sink.Number++;

    [AllowAlloc("made once", Amortized = true)] static object Cached() => s_cache ??= new object();

    static object Boxed(this int value) => value;

    readonly struct Amount(int value)
    {
        public readonly int Value = value;

        public Amount(int a, int b) : this(a + b) { }

        public static Amount operator +(Amount a, Amount b) => new(a.Value + b.Value);

        public static explicit operator int(Amount amount) => amount.Value;
    }

    struct Initialised
    {
        private readonly int[] _numbers = new int[4];

        public Initialised(int first) => _numbers[0] = first;

        public readonly int Length => _numbers.Length;
    }

    readonly struct Chained
    {
        public readonly object Value;

        public Chained(bool isNew) : this(isNew ? new object() : null!) { }

        public Chained(object value) => Value = value;
    }

    readonly struct Loud
    {
        public Loud GetEnumerator() => this;

        public object Current => new();

        public bool MoveNext() => (Sink.Number = (Sink.Number + 1) % 3) != 0;
    }

    readonly struct LoudScope : IDisposable
    {
        public void Dispose() => Sink.Object = new object();
    }
}

sealed class Transitive2
{
    public int Count { get; set; }

    public object this[int index] => new int[index];

    public event Action? Happened { add => Sink.Object = new object(); remove { } }

    public static object operator +(Transitive2 other, int by) => new List<int>(by);

    public static Transitive2 operator -(Transitive2 other, int by) => new();

    public static Transitive2 operator ++(Transitive2 other) => new();

    public static bool operator true(Transitive2 other) => new object() != other;

    public static bool operator false(Transitive2 other) => false;

    public static implicit operator string(Transitive2 other) => new('x', 3);

    public static explicit operator object[](Transitive2 other) => new object[2];

    public void Deconstruct(out object first, out int second) { first = new object(); second = 1; }
}
