using System;
using System.Collections;
using System.Collections.Generic;
using Atoll;

namespace Snippets;

static class Boxing
{
    struct Plain
    {
        public int Value;
    }

    struct Own : IEquatable<Own>
    {
        public int Value;

        public readonly bool Equals(Own other) => Value == other.Value;

        public override readonly bool Equals(object? other) => other is Own own && Equals(own);

        public override readonly int GetHashCode() => Value;

        public override readonly string ToString() => "own";
    }

    static Plain s_plain;
    static Own s_own;

    [NoGC, Allocates("ATL2003")] static void ToObject() => Sink.Object = Given.Number;
    [NoGC, Allocates("ATL2003")] static void Explicit() => Sink.Object = (object)Given.Number;
    [NoGC, Allocates("ATL2003")] static void ConstantToObject() => Sink.Object = 5;
    [NoGC, Allocates("ATL2003")] static void StructToInterface() => Take(new Square(3));
    [NoGC, Allocates("ATL2003")] static void ToComparable() { IComparable value = Given.Number; Sink.Object = value; }
    [NoGC, Allocates("ATL2003")] static void ToGenericInterface() { IComparable<int> value = Given.Number; Sink.Object = value; }
    [NoGC, Allocates("ATL2003")] static void ToValueType() { ValueType value = Given.Number; Sink.Object = value; }
    [NoGC, Allocates("ATL2003")] static void EnumToObject() => Sink.Object = Given.Color;
    [NoGC, Allocates("ATL2003")] static void EnumToEnum() { Enum value = Given.Color; Sink.Object = value; }
    [NoGC, Allocates("ATL2003")] static void NullableToObject() => Sink.Object = Given.Maybe;
    [NoGC, Allocates("ATL2003")] static void TupleToObject() => Sink.Object = (1, 2);
    [NoGC, Allocates("ATL2003")] static void ToDynamic() { dynamic value = Given.Number; Sink.Object = (object)value; }
    [NoGC, Allocates("ATL2003")] static void InConditional() => Sink.Object = Given.Number > 0 ? Given.Number : "none";
    [NoGC, Allocates("ATL2003")] static void InArgument() => TakeObject(Given.Number);
    [NoGC, Allocates("ATL2002", "ATL2003")] static void InParams() => TakeMany(Given.Number);
    [NoGC, Allocates("ATL2003")] static void InReturn() { Sink.Object = Give(); static object Give() => Given.Number; }
    [NoGC, Allocates("ATL2003")] static void InCoalesce() => Sink.Object = Given.Maybe ?? Given.Boxed;
    [NoGC, Allocates("ATL2003")] static void ElementOfArray() { foreach (object number in Given.Numbers) { Sink.Object = number; } }
    [NoGC, Allocates("ATL2003")] static void TupleElement() { (int, int) pair = (1, 2); (object, int) other = pair; Sink.Object = other.Item1; }
    [NoGC, Allocates("ATL2003")] static void TupleLiteral() { (object, int) pair = (Given.Number, 2); Sink.Object = pair.Item1; }
    [NoGC, Allocates("ATL2003")] static void Deconstructed() { object first; (first, _) = (Given.Number, 2); Sink.Object = first; }
    [NoGC, Allocates("ATL2003")] static void InheritedToString() => Sink.Text = s_plain.ToString();
    [NoGC, Allocates("ATL2003")] static void InheritedHash() => Sink.Number = s_plain.GetHashCode();
    [NoGC, Allocates("ATL2003")] static void InheritedEquals() => Sink.Flag = s_plain.Equals(Given.Gate);
    [NoGC, Allocates("ATL2003")] static void GetTypeOfValue() => Sink.Object = s_plain.GetType();
    [NoGC, Allocates("ATL2003")] static void EnumToString() => Sink.Text = Given.Color.ToString();
    [NoGC, Clean] static void EnumHash() => Sink.Number = Given.Color.GetHashCode();
    [NoGC, Allocates("ATL2003")] static void HasFlag() => Sink.Flag = Given.Access.HasFlag(Access.Write);
    [NoGC, Allocates("ATL2003")] static void EqualsObject() => Sink.Flag = s_own.Equals((object)s_own);
    [NoGC, Allocates("ATL2003")] static void NumberEqualsObject() => Sink.Flag = Given.Number.Equals((object)5);
    [NoGC, Allocates("ATL2003", "ATL2901")] static void ToArrayList() => Given2.Old[0] = Given.Number;
    [NoGC, Allocates("ATL2003")] static void ByAs() => Sink.Object = Given.Number as object;
    [NoGC, Allocates("ATL2003")] static void ReferenceEqualsValue() => Sink.Flag = ReferenceEquals(Given.Number, Given.Boxed);
    [NoGC, Allocates("ATL2003")] static void InInitializer() => Given2.Box.Value = 3;
    [NoGC, Allocates("ATL2003")] static void InSwitchArm() => Sink.Object = Given.Color switch { Color.Red => "red", _ => (object)Given.Number };
    [NoGC, Allocates("ATL2003")] static void InLocalFunction() { Local(); static void Local() => Sink.Object = Given.Number; }
    [NoGC, Allocates("ATL2003")] static void GuidToObject() => Sink.Object = Guid.Empty;
    [NoGC, Allocates("ATL2003")] static void SpanOfObjects() { ReadOnlySpan<object> all = [Given.Number, "x"]; Sink.Object = all[0]; }
    [NoGC, Allocates("ATL2007")] static void ConstrainedToObject() => Sink.Object = BoxStruct(Given.Number);

    [NoGC, Clean] static void Unboxed() => Sink.Number = (int)Given.Boxed;
    [NoGC, Clean] static void UnboxedByPattern() { if (Given.Boxed is int number) { Sink.Number = number; } }
    [NoGC, Clean] static void UnboxedBySwitch() => Sink.Number = Given.Boxed switch { int number => number, _ => 0 };
    [NoGC, Clean] static void TypeTest() => Sink.Flag = Given.Boxed is int;
    [NoGC, Clean] static void NullTest() => Sink.Flag = Given.Maybe == null;
    [NoGC, Clean] static void NullPattern() => Sink.Flag = Given.Maybe is null;
    [NoGC, NotKnown] static void GenericNullTest() => Sink.Flag = IsMissing(Given.Number);
    [NoGC, Clean] static void GenericNullBranch() => Sink.Number = Missing(Given.Number);
    [NoGC, Clean] static void GenericNullBranchPattern() => Sink.Number = MissingToo(Given.Number);
    [NoGC, NotKnown] static void GenericNullPattern() => Sink.Flag = IsMissingToo(Given.Number);
    [NoGC, Clean] static void GenericTypeTest() => Sink.Flag = IsNumber(Given.Number);
    [NoGC, Clean] static void GenericTypePattern() => Sink.Number = AsNumber(Given.Number);
    [NoGC, Clean] static void OwnToString() => Sink.Text = s_own.ToString();
    [NoGC, Clean] static void OwnHash() => Sink.Number = s_own.GetHashCode();
    [NoGC, Clean] static void OwnEquals() => Sink.Flag = s_own.Equals(s_own);
    [NoGC, Clean] static void NumberHash() => Sink.Number = Given.Number.GetHashCode();
    [NoGC, Clean] static void NumberEquals() => Sink.Flag = Given.Number.Equals(5);
    [NoGC, Clean] static void NumberCompares() => Sink.Number = Given.Number.CompareTo(5);
    [NoGC, Clean] static void StringToObject() => Sink.Object = Given.Text;
    [NoGC, Clean] static void ClassToInterface() { IShape shape = Given.Circle; Sink.Object = shape; }
    [NoGC, Clean] static void NullToObject() => Sink.Object = null;
    [NoGC, Clean] static void FlagByHand() => Sink.Flag = (Given.Access & Access.Write) != 0;
    [NoGC, Clean] static void EnumCompared() => Sink.Flag = Given.Color == Color.Red;
    [NoGC, Clean] static void EnumAsNumber() => Sink.Number = (int)Given.Color;
    [NoGC, Clean] static void NullableValue() => Sink.Number = Given.Maybe.GetValueOrDefault();
    [NoGC, Clean] static void NullableCoalesce() => Sink.Number = Given.Nothing ?? 4;
    [NoGC, Clean] static void NullableLifted() => Sink.Flag = Given.Maybe + 1 > 3;
    [NoGC, Clean] static void GenericConstrained() => Sink.Number = AreaOf(new Square(3));
    [NoGC, Clean] static void GenericKept() => Sink.Number = Same(Given.Number);
    [NoGC, Clean] static void TupleKept() { (int, string) pair = (1, "a"); (long, string) wide = pair; Sink.Long = wide.Item1; }

    [NoGC, NotKnown] static void GenericToObject() => Sink.Object = Box(Given.Number);
    [NoGC, NotKnown] static void GenericReferenceToObject() => Sink.Object = Box(Given.Text);

    static void Take(IShape shape) => Sink.Object = shape;

    static void TakeObject(object value) => Sink.Object = value;

    static void TakeMany(params object[] values) => Sink.Array = values;


    static object Box<T>(T value) => value!;

    static object BoxStruct<T>(T value) where T : struct => value;

    static bool IsMissing<T>(T value) => value == null;

    static bool IsMissingToo<T>(T value) => value is null;

    static int Missing<T>(T value) { if (value == null) { return 1; } return 0; }

    static int MissingToo<T>(T value) { if (value is not null && Given.Number > 0) { return 1; } return 0; }

    static bool IsNumber<T>(T value) => value is int;

    static int AsNumber<T>(T value) => value is int number ? number : 0;

    static T Same<T>(T value) => value;

    [NoGC] static int AreaOf(Square square) => square.Area();

    static class Given2
    {
        public static readonly ArrayList Old = [1];
        public static readonly Holder Box = new();
    }

    sealed class Holder
    {
        public object? Value;
    }
}
