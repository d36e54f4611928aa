using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Messages;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0501.</summary>
public sealed class ByteForBoolFixTests : CodeFixTests<BlittableMessageAnalyzer, ByteForBoolFix>
{
    [Fact]
    public Task ChangesEveryUse() => FixesAsync(
        [
            ("Note.cs",
                """
                [Message]
                struct Note
                {
                    // The end.
                    public bool IsLast;
                    private bool _isOld;

                    public readonly bool IsNews => !IsLast && !_isOld;
                    public void Age(int years) => _isOld = years > 3;
                }
                """),
            ("User.cs",
                """
                static class User
                {
                    static Note Make(bool isLast) => new Note { IsLast = isLast };

                    static int Read(ref Note note)
                    {
                        bool kept = note.IsLast;
                        note.IsLast = false; // Read.
                        note.IsLast = note.IsLast || kept;
                        return kept ? 1 : 0;
                    }
                }
                """),
        ],
        [
            ("Note.cs",
                """
                [Message]
                struct Note
                {
                    // The end.
                    public byte IsLast;
                    private byte _isOld;

                    public readonly bool IsNews => !(IsLast != 0) && !(_isOld != 0);
                    public void Age(int years) => _isOld = (years > 3) ? (byte)1 : (byte)0;
                }
                """),
            ("User.cs",
                """
                static class User
                {
                    static Note Make(bool isLast) => new Note { IsLast = isLast ? (byte)1 : (byte)0 };

                    static int Read(ref Note note)
                    {
                        bool kept = (note.IsLast != 0);
                        note.IsLast = 0; // Read.
                        note.IsLast = ((note.IsLast != 0) || kept) ? (byte)1 : (byte)0;
                        return kept ? 1 : 0;
                    }
                }
                """),
        ]);

    [Theory]
    [InlineData("[Message] public struct S { public bool X; }")]
    [InlineData("[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Other\")] [Message] struct S { public bool X; }")]
    [InlineData("[Message] struct S { public bool X, Y; }")]
    [InlineData("[Message] struct S { public bool X { get; set; } }")]
    [InlineData("[Message] struct S { public float X; }")]
    [InlineData("struct Inner { public bool Y; } [Message] struct S { public Inner X; }")]
    // Uses that no byte can stand for.
    [InlineData("[Message] struct S { public bool X; } static class C { static void F(ref bool b) { } static void M(ref S s) => F(ref s.X); }")]
    [InlineData("[Message] struct S { public bool X; } static class C { static void M(ref S s, bool b) => s.X |= b; }")]
    [InlineData("[Message] struct S { public bool X; } static class C { static bool M(ref S s, bool b) => s.X = b; }")]
    [InlineData("[Message] struct S { public bool X; } static class C { static bool M(S s) => s is { X: true }; }")]
    [InlineData("[Message] struct S { public bool X; } static class C { static void M(ref S s) { ref bool b = ref s.X; b = true; } }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync(text);
}
