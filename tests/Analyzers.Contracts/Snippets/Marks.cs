using System;
using System.Collections.Generic;

namespace Snippets;

/// <summary>The rules are silent, and a warm call allocates nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class CleanAttribute : Attribute;

/// <summary>The rules report these ids, and a warm call allocates.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class AllocatesAttribute(params string[] ids) : Attribute
{
    public string[] Ids => ids;
}

/// <summary>The rules say that they do not know. A run may find anything.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class NotKnownAttribute : Attribute;

/// <summary>The rules report these ids although a run allocates nothing: known, and named on the rule's page.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class FalseAlarmAttribute(params string[] ids) : Attribute
{
    public string[] Ids => ids;
}

/// <summary>For the other contracts: the rules report these ids, or none.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ReportsAttribute(params string[] ids) : Attribute
{
    public string[] Ids => ids;
}

enum Color
{
    Red,
    Green,
}

[Flags]
enum Access
{
    None = 0,
    Read = 1,
    Write = 2,
}

interface IShape
{
    int Area();
}

struct Square(int side) : IShape
{
    public int Side = side;

    public readonly int Area() => Side * Side;
}

sealed class Circle : IShape
{
    public int Radius;

    public int Area() => 3 * Radius * Radius;
}

class Animal
{
    public virtual int Legs() => 4;

    public int Eyes() => 2;
}

sealed class Bird : Animal
{
    public override int Legs() => 2;
}

/// <summary>What snippets start from. Made before anything is measured.</summary>
static class Given
{
    public static readonly int[] Numbers = [5, 3, 8, 1];
    public static readonly string[] Words = ["one", "two", "three"];
    public static readonly List<int> List = [5, 3, 8, 1];
    public static readonly Dictionary<int, string> Names = new() { [1] = "one", [2] = "two" };
    public static readonly Dictionary<string, int> Counts = new() { ["one"] = 1 };
    public static readonly HashSet<int> Set = [1, 2, 3];
    public static readonly IEnumerable<int> Sequence = List;
    public static readonly string Text = new('x', 12);
    public static readonly byte[] Bytes = new byte[64];
    public static readonly char[] Chars = new char[64];
    public static readonly object Boxed = 7;
    public static readonly Animal Animal = new Bird();
    public static readonly Bird Bird = new();
    public static readonly IShape Shape = new Circle { Radius = 2 };
    public static readonly Circle Circle = new() { Radius = 3 };
    public static readonly Func<int, int> Twice = static value => value * 2;
    public static readonly object Gate = new();
    public static int Number = 1234;
    public static int? Maybe = 3;
    public static int? Nothing;
    public static bool Rarely;
    public static Color Color = Color.Green;
    public static Access Access = Access.Read;
}

/// <summary>Where snippets put what they make, so that it is really made.</summary>
static class Sink
{
    public static object? Object;
    public static string? Text;
    public static int Number;
    public static long Long;
    public static double Double;
    public static bool Flag;
    public static Array? Array;
    public static Delegate? Delegate;
}
