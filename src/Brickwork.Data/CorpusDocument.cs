namespace Brickwork;

/// <summary>A text that is read as one: a chapter, a scene, an article or a record.</summary>
/// <param name="Domain">The name of its source.</param>
/// <param name="Origin">The file, and which of its documents, from 1.</param>
/// <param name="Text">Lines end in <c>\n</c>; no blank lines at the ends; never empty.</param>
public readonly record struct CorpusDocument(string Domain, string Origin, string Text);
