using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Codegen;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0901: a struct copied field by field.</summary>
public sealed class CopyFieldsFixTests : CodeFixTests<NoSimdCodeAnalyzer, CopyFieldsFix>
{
    private const string Region =
        """
        struct Region
        {
            public ulong Base;
            public ulong Bytes;
            public Rights Rights;
        }

        enum Rights : uint
        {
            Read,
        }


        """;

    [Fact]
    public Task Statements_CopyEachField() =>
        FixesAsync(
            Region + """
            struct Block
            {
                public Region Region;
            }

            static unsafe class C
            {
                [NoSimd]
                static void Take(ref Region own, in Region given, Region* far, ref Block block)
                {
                    // Whole.
                    own = given;
                    *far = own;
                    block.Region = *far;
                }
            }
            """,
            Region + """
            struct Block
            {
                public Region Region;
            }

            static unsafe class C
            {
                [NoSimd]
                static void Take(ref Region own, in Region given, Region* far, ref Block block)
                {
                    // Whole.
                    own.Base = given.Base;
                    own.Bytes = given.Bytes;
                    own.Rights = given.Rights;
                    far->Base = own.Base;
                    far->Bytes = own.Bytes;
                    far->Rights = own.Rights;
                    block.Region.Base = far->Base;
                    block.Region.Bytes = far->Bytes;
                    block.Region.Rights = far->Rights;
                }
            }
            """);

    [Theory]
    [InlineData("static class C { [NoSimd] static void M(ref Region to) { to = default; } }")]
    [InlineData("static class C { [NoSimd] static ulong M(in Region from) { Region own = from; return own.Base; } }")]
    [InlineData("static class C { static ref Region At(int i, ref Region r) => ref r; [NoSimd] static void M(ref Region to, ref Region r) { to = At(1, ref r); } }")]
    [InlineData("unsafe struct S { public Region* P; public ref Region R => ref *P; } static class C { [NoSimd] static void M(ref Region to, ref S s) { to = s.R; } }")]
    [InlineData("struct S { private ulong _a, _b; } static class C { [NoSimd] static void M(ref S to, ref S from) { to = from; } }")]
    [InlineData("struct S { public readonly ulong A; public ulong B; } static class C { [NoSimd] static void M(ref S to, ref S from) { to = from; } }")]
    [InlineData("[StructLayout(LayoutKind.Explicit)] struct S { [FieldOffset(0)] public ulong A; [FieldOffset(8)] public ulong B; } static class C { [NoSimd] static void M(ref S to, ref S from) { to = from; } }")]
    [InlineData("struct S { public Region Inner; } static class C { [NoSimd] static void M(ref S to, ref S from) { to = from; } }")]
    [InlineData("unsafe struct Node { public Node* Next; public ulong A; [NoSimd] void Skip() { this = *Next; } }")]
    [InlineData("unsafe struct Node { public Node* Next; public ulong A; } static unsafe class C { [NoSimd] static void M(ref Node to, ref Node* from) { to = *from; } }")]
    [InlineData("unsafe struct Link { public Node* Next; public ulong A; } unsafe struct Node { public Link Link; public Node* Up; [NoSimd] void Skip() { Link = Link.Next->Link; } }")]
    [InlineData("static class C { [NoSimd] static void M(ref Region to, ref Region from) => to = from; }")]
    public Task NotOffered(string text) => IsNotOfferedAsync(Region + text);
}
