using System.Text;
using Atoll.Generators.Emitting;
using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Generators;

/// <summary>Makes the entry of a program: what the linker calls, and what then calls the method marked <c>[Program]</c>.</summary>
/// <remarks>A host build of the same files has no entry: its core library has no <c>RuntimeExport</c>.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ProgramGenerator : IIncrementalGenerator
{
    private const string Attribute = "Atoll.Services.Lib.ProgramAttribute";
    private const string Export = "System.Runtime.RuntimeExportAttribute";
    private const string Start = "Atoll.Services.Lib.ProgramStart";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<ProgramMain>> mains = context.SyntaxProvider
            .ForAttributeWithMetadataName(Attribute, static (node, _) => node is MethodDeclarationSyntax, static (found, _) => ProgramMain.Of(found))
            .Collect()
            .Select(static (found, _) => new EquatableArray<ProgramMain>(found));
        IncrementalValueProvider<bool> isImage = context.CompilationProvider.Select(
            static (compilation, _) => compilation.GetTypeByMetadataName(Export) is { DeclaredAccessibility: Accessibility.Public });
        context.RegisterSourceOutput(mains.Combine(isImage), static (output, pair) => Emit(output, pair.Left.Items, pair.Right));
    }

    private static void Emit(SourceProductionContext output, ImmutableArray<ProgramMain> mains, bool isImage)
    {
        bool isGood = mains.Length == 1;
        for (int index = 0; index < mains.Length; index++)
        {
            ProgramMain main = mains[index];
            if ((main.Fault ?? (index > 0 ? $"'{mains[0].Method}' is marked too" : null)) is { } reason)
            {
                output.ReportDiagnostic(Finding.Of(ProtocolRules.Program, main.Place, main.Method, reason).ToDiagnostic());
                isGood = false;
            }
        }

        if (isGood && isImage)
        {
            output.AddSource("ProgramEntry.g.cs", SourceText.From(Entry(mains[0]), Encoding.UTF8));
        }
    }

    private static string Entry(ProgramMain main)
    {
        CodeWriter code = CodeWriter.File(main.Namespace);
        code.Line();
        code.Summary("Where the program is entered.");
        code.Open("internal static class ProgramEntry");
        code.Line("[global::System.Runtime.RuntimeExport(\"atoll_program_main\")]");
        code.Open("private static void Begin(ulong argument0, ulong argument1)");
        code.Line($"global::{Start} start = global::{Start}.Begin();");
        code.Line($"{main.Call}(in start);");
        code.Line($"{WireEmitter.Lib}.ProgramExit.End(0);");
        code.Close();
        code.Close();
        return code.ToString();
    }

    /// <summary>A method marked <c>[Program]</c>.</summary>
    private sealed record ProgramMain(string Namespace, string Method, string Call, string? Fault, SourcePlace Place)
    {
        public static ProgramMain Of(GeneratorAttributeSyntaxContext context)
        {
            var method = (IMethodSymbol)context.TargetSymbol;
            string type = method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
            string fault =
                !method.IsStatic ? "it is not static"
                : !method.ReturnsVoid ? "it returns something, and there is nobody to take it"
                : method.IsGenericMethod || method.ContainingType.IsGenericType ? "it has type parameters"
                : !IsSeen(method) ? "it or its class is private; make them internal or public"
                : method.Parameters.Length != 1 || method.Parameters[0].RefKind != RefKind.In || method.Parameters[0].Type.ToDisplayString() != Start
                    ? "its parameters are not (in ProgramStart)"
                : method.ContainingNamespace.IsGlobalNamespace ? "it is in no namespace"
                : "";
            return new ProgramMain(
                method.ContainingNamespace.ToDisplayString(),
                method.Name,
                $"{type}.{method.Name}",
                fault.Length == 0 ? null : fault,
                SourcePlace.Of(method));
        }

        private static bool IsSeen(ISymbol symbol)
        {
            for (ISymbol? at = symbol; at is IMethodSymbol or INamedTypeSymbol; at = at.ContainingSymbol)
            {
                if (at.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
