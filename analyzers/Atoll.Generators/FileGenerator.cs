using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Atoll.Generators.Emitting;
using Atoll.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Atoll.Generators;

/// <summary>Makes the files of a program constants of its image: what lies in its folder <c>Files</c> (docs/http.md).</summary>
/// <remarks>Text in UTF-8 only: a compiler does not hand other files to a generator. Lines end with a line feed, whatever the checkout has.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class FileGenerator : IIncrementalGenerator
{
    private const string Mark = "build_metadata.AdditionalFiles.IsProgramFile";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<EquatableArray<ProgramFile>> files = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => pair.Right.GetOptions(pair.Left).TryGetValue(Mark, out string? mark) && mark == "true")
            .Select(static (pair, stop) => ProgramFile.Of(pair.Left, stop))
            .Collect()
            .Select(static (found, _) => new EquatableArray<ProgramFile>([.. found.OrderBy(file => file.Name, StringComparer.Ordinal)]));
        IncrementalValueProvider<string> assembly = context.CompilationProvider.Select(static (compilation, _) => compilation.AssemblyName ?? "");
        context.RegisterSourceOutput(files.Combine(assembly), static (output, pair) => Emit(output, pair.Left.Items, pair.Right));
    }

    private static void Emit(SourceProductionContext output, ImmutableArray<ProgramFile> files, string assembly)
    {
        if (files.Length > 0)
        {
            output.AddSource("ProgramFiles.g.cs", SourceText.From(Class(files, assembly), Encoding.UTF8));
        }
    }

    private static string Class(ImmutableArray<ProgramFile> files, string assembly)
    {
        CodeWriter code = CodeWriter.File(assembly);
        code.Line();
        code.Summary("The files of the program: constants of its image.");
        code.Open("internal static class ProgramFiles");
        foreach (ProgramFile file in files)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(file.Text);
            code.Summary($"{file.Name}, {bytes.Length.ToString(CultureInfo.InvariantCulture)} bytes.");
            code.Line($"internal static global::System.ReadOnlySpan<byte> {file.Identifier} => {SymbolDisplay.FormatLiteral(file.Text, quote: true)}u8;");
            code.Line();
            code.Summary($"The first 64 bits of the SHA-256 of {file.Name}.");
            code.Line($"internal const ulong {file.Identifier}Tag = 0x{Tag(bytes)};");
            code.Line();
        }

        code.Close();
        return code.ToString();
    }

    private static string Tag(byte[] bytes)
    {
        const int tagBytes = 8;
        using SHA256 hash = SHA256.Create();
        return string.Concat(hash.ComputeHash(bytes).Take(tagBytes).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }

    /// <summary>A file of a program.</summary>
    private sealed record ProgramFile(string Name, string Text)
    {
        /// <summary>The name with a capital behind each sign: <c>page.html</c> is <c>PageHtml</c>.</summary>
        public string Identifier => string.Concat(
            Name.Split('.', '-', '_', ' ').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

        public static ProgramFile Of(AdditionalText file, CancellationToken stop) => new(
            System.IO.Path.GetFileName(file.Path), (file.GetText(stop)?.ToString() ?? "").Replace("\r\n", "\n"));
    }
}
