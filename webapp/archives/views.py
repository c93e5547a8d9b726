"""A backup file from within: the report on it, its files, its activities."""

from __future__ import annotations

import json
from functools import partial

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from jobs.problems import ArchiveProblem
from webapp.access.permissions import may
from webapp.archives import bp, findings
from webapp.archives.listing import files_page, listed
from webapp.archives.operations import course_of, get_archive, index_of, survey_of
from webapp.archives.preview import FILES, document_in_words, preview_of
from webapp.archives.report import Report, activities_of, damage_by_content
from webapp.archives.sending import send_content
from webapp.archives.texts import ArchiveTexts
from webapp.content.kinds import kind_word
from webapp.reading import label_of


@bp.get("/archives/<int:archive_id>")
@may("use archive")
def show_archive(archive_id: int) -> ResponseReturnValue:
    """The report on a backup file; reads nothing but what was found when the file was read."""
    archive = get_archive(archive_id)
    if not archive.survey:
        return render_template("archives/unread.html", archive=archive, course=course_of(archive))
    report = Report(survey_of(archive))
    return render_template(
        "archives/show.html",
        archive=archive,
        course=course_of(archive),
        report=report,
        findings=findings,
        label_of=label_of,
    )


@bp.get("/archives/<int:archive_id>/report.json")
@may("use archive")
def archive_json(archive_id: int) -> ResponseReturnValue:
    """The report as data, as `coursekeep inspect --json` prints it."""
    survey = survey_of(get_archive(archive_id))
    return Response(json.dumps(survey.to_json(), indent=2, ensure_ascii=False), mimetype="application/json")


@bp.get("/archives/<int:archive_id>/files")
@may("use archive")
def list_files(archive_id: int) -> ResponseReturnValue:
    archive = get_archive(archive_id)
    survey = survey_of(archive)
    with index_of(archive) as index:
        found = files_page(index, survey, request.args.get("page", 1, int))
    return render_template(
        "archives/files.html", archive=archive, course=course_of(archive), survey=survey, listed=found
    )


@bp.get("/archives/<int:archive_id>/files/<int:file_id>/<path:name>")
@may("use archive")
def archive_file(archive_id: int, file_id: int, name: str) -> ResponseReturnValue:
    """Give out a single file. The name in the address is only there to be read."""
    archive = get_archive(archive_id)
    damage = damage_by_content(survey_of(archive))
    with index_of(archive) as index:
        found = index.file(file_id)
    return send_content(archive, found, damage, to_keep="download" in request.args)


@bp.get("/archives/<int:archive_id>/embedded/<int:context_id>/<component>/<area>/<int:itemid>/<path:path>")
@may("use archive")
def embedded_file(
    archive_id: int, context_id: int, component: str, area: str, itemid: int, path: str
) -> ResponseReturnValue:
    """Give out a file by its place in the course, as texts name it."""
    archive = get_archive(archive_id)
    damage = damage_by_content(survey_of(archive))
    folder, _, name = f"/{path}".rpartition("/")
    with index_of(archive) as index:
        found = index.file_at(context_id, component, area, itemid, f"{folder}/", name)
    return send_content(archive, found, damage)


@bp.get("/archives/<int:archive_id>/activities/<name>")
@may("use archive")
def show_activity(archive_id: int, name: str) -> ResponseReturnValue:
    """Show what an activity holds; `name` is its folder in the archive: "page_42"."""
    archive = get_archive(archive_id)
    survey = survey_of(archive)
    directory = f"activities/{name}"
    activity = next((one for one in activities_of(survey) if one.directory == directory), None)
    if activity is None:
        abort(404)
    with index_of(archive) as index:
        texts = ArchiveTexts(archive.id, survey, index.context_of(directory))
        preview = preview_of(
            index, texts, activity, request.args.get("part", ""), request.args.get("page", 1, int)
        )
    return render_template(
        "archives/activity.html",
        archive=archive,
        course=course_of(archive),
        activity=activity,
        name=name,
        preview=preview,
        files=listed(preview.files[:FILES], survey),
        has_more_files=len(preview.files) > FILES,
        report=Report(survey),
        kind=kind_word(activity.type),
        words_of=partial(document_in_words, activity.type),
    )


@bp.errorhandler(ArchiveProblem)
def show_problem(problem: ArchiveProblem) -> ResponseReturnValue:
    """Say why the file can't be looked into."""
    return render_template("archives/unreadable.html", problem=problem), 422
